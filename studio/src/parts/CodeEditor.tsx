import { yaml } from '@codemirror/lang-yaml'
import { basicSetup, EditorView } from 'codemirror'
import { useEffect, useRef } from 'react'

interface Props {
  value: string
  onChange: (text: string) => void
  label: string
  height: number | string
  goTo: { line: number } | null
  readOnly: boolean
}

const look = EditorView.theme({
  '&': {
    fontSize: '12.5px',
    backgroundColor: 'var(--sb-panel)',
    color: 'var(--sb-ink)',
    border: '1px solid var(--sb-line)',
    borderRadius: '6px',
  },
  '&.cm-focused': { outline: '2px solid var(--sb-approve)', outlineOffset: '-1px' },
  '.cm-content': { caretColor: 'var(--sb-ink)', fontFamily: 'var(--mantine-font-family-monospace)' },
  '.cm-cursor': { borderLeftColor: 'var(--sb-ink)' },
  '.cm-gutters': { backgroundColor: 'var(--sb-side)', color: 'var(--sb-soft)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--sb-pine-tint)' },
  '.cm-activeLineGutter': { color: 'var(--sb-ink)' },
  '.cm-foldPlaceholder': { backgroundColor: 'var(--sb-side)', color: 'var(--sb-ink)', border: 'none' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--sb-mark-0)',
  },
  '.cm-line span': { color: 'inherit' },
})

/** CodeMirror in the studio's colours; loaded when it is first shown. Escape, then Tab, leaves it. */
export default function CodeEditor({ value, onChange, label, height, goTo, readOnly }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const editor = useRef<EditorView>(undefined)
  const change = useRef(onChange)
  const first = useRef(value)
  useEffect(() => {
    change.current = onChange
  })

  useEffect(() => {
    if (!place.current) return
    const view = new EditorView({
      doc: first.current,
      parent: place.current,
      extensions: [
        basicSetup,
        yaml(),
        look,
        EditorView.lineWrapping,
        EditorView.editable.of(!readOnly),
        EditorView.contentAttributes.of({ 'aria-label': label, ...(readOnly ? { tabindex: '0' } : {}) }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !update.transactions.some((one) => one.isUserEvent('studio'))) {
            change.current(update.state.doc.toString())
          }
        }),
      ],
    })
    editor.current = view
    return () => view.destroy()
  }, [label, readOnly])

  useEffect(() => {
    first.current = value
    const view = editor.current
    if (!view || view.state.doc.toString() === value) return
    view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: value }, userEvent: 'studio' })
  }, [value])

  useEffect(() => {
    const view = editor.current
    if (!view || !goTo) return
    const line = view.state.doc.line(Math.min(Math.max(1, goTo.line), view.state.doc.lines))
    view.dispatch({ selection: { anchor: line.from, head: line.to }, scrollIntoView: true })
    view.focus()
  }, [goTo])

  return <div ref={place} style={{ height, display: 'grid' }} className="sb-editor" />
}
