/** The head of a table: its columns, `#` before those that hold numbers. */
export function Heads({ columns }: { columns: string[] }) {
  return (
    <thead>
      <tr>
        {columns.map((name) => (
          <th key={name} scope="col" className={name.startsWith('#') ? 'sb-number' : undefined}>
            {name.replace(/^#/, '')}
          </th>
        ))}
      </tr>
    </thead>
  )
}
