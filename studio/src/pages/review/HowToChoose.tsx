interface Props {
  /** How many the list has, at its right. */
  many?: string
}

/** What stands below a list while nothing in it is chosen. */
export function HowToChoose({ many }: Props) {
  return (
    <div className="rv-bulk sb-meta">
      <span>
        <kbd>X</kbd> chooses a line · <kbd>Shift</kbd> <kbd>J</kbd> <kbd>K</kbd> or clicks with Shift choose
        several
      </span>
      <span className="sb-figures" style={{ marginLeft: 'auto' }}>
        {many}
      </span>
    </div>
  )
}
