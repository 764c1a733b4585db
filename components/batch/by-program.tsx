import { Card } from "@/components/ui/card";

/** How a program does the same; `host` is where this page came from. */
export function ByProgram({ host, fileName }: { host: string; fileName: string }) {
  // A shell takes it as one word.
  const file = `'${fileName.replaceAll("'", "'\\''")}'`;
  return (
    <Card title="The same by program" className="print:hidden">
      <pre
        // Scrolled with the arrow keys, so it takes the focus.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable without a mouse
        tabIndex={0}
        className="overflow-x-auto rounded-field border border-line bg-sunken px-3.5 py-3 font-mono text-xs leading-5"
      >
        {`curl --data-binary @${file} \\\n  -H 'content-type: application/octet-stream' \\\n  'http://${host}/api/v1/batches?start=true'\n\nnpm run --silent predict -- ${file} > answers.csv`}
      </pre>
    </Card>
  );
}
