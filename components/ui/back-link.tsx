/** The way back to a list, under a page's title. */
export function BackLink({
  href = "/history",
  children = "All predictions",
}: {
  href?: string;
  children?: string;
}) {
  return (
    <a href={href} className="text-ink-2 text-sm underline underline-offset-4 print:hidden">
      {children}
    </a>
  );
}
