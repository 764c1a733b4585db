/** A warning above every page, which stays where it is and covers nothing. */
export function WarningBanner({ children }: { children: string }) {
  return (
    <p
      role="alert"
      className="bg-alarm px-4 py-2 text-center font-semibold text-on-alarm text-sm forced-color-adjust-none sm:px-6 print:hidden"
    >
      {children}
    </p>
  );
}
