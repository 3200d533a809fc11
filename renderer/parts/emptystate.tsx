/** What a page says when it has nothing to show: what is the matter, and what to do. */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: React.ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  )
}
