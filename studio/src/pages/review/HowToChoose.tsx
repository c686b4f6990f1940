/** What stands below a list while nothing in it is chosen. */
export function HowToChoose() {
  return (
    <div className="rv-bulk sb-meta">
      <span>
        <kbd>X</kbd> chooses a line · <kbd>Shift</kbd> <kbd>J</kbd> <kbd>K</kbd> or clicks with Shift choose
        several
      </span>
    </div>
  )
}
