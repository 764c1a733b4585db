/** Lines to copy; long ones are broken. */
export function Code({ children }: { children: string }) {
  return (
    <pre className="whitespace-pre-wrap break-words rounded-field border border-line bg-sunken px-3.5 py-3 font-mono text-xs leading-5">
      {children}
    </pre>
  );
}
