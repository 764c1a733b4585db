import type { Metadata } from "next";
import { connection } from "next/server";
import { AnswerMark } from "@/components/prediction/answer-mark";
import { Button, Kbd } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Field, fieldClass } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { Page } from "@/components/ui/page";
import { Switch } from "@/components/ui/switch";
import { ColumnHead, ScrollTable } from "@/components/ui/table";
import { Tabs } from "@/components/ui/tabs";
import { label } from "@/lib/contract";
import { answerOf } from "@/lib/prediction/words";

export const metadata: Metadata = { title: "Parts and states" };

/** Every part that pages are made of, in every state: for whoever builds a page, and for the tests of their looks. */
export default async function PartsPage() {
  // The content policy lets the scripts of one static page through, which is the front page.
  await connection();
  return (
    <Page title="Parts and states" width="form" lead="What pages are made of. No page leads here.">
      <div className="grid gap-6 lg:grid-cols-3">
        <Card title="Answers" caption="Shape, word and hue, always together.">
          <ul className="grid gap-1">
            {label.options.map((one) => (
              <li key={one}>
                <AnswerMark {...answerOf(one)} />
              </li>
            ))}
          </ul>
        </Card>
        <Card title="Buttons">
          <div className="flex flex-wrap gap-2">
            <Button kind="primary">
              Primary <Kbd isHint>N</Kbd>
            </Button>
            <Button>Secondary</Button>
            <Button kind="quiet">Quiet</Button>
            <Button disabled>Disabled</Button>
          </div>
        </Card>
        <Card title="Notices">
          <Notice kind="error" title="There is a problem">
            <p>What it is, and what to do.</p>
          </Notice>
          <Notice kind="caution" title="Worth a second look">
            <p>Why, in a sentence.</p>
          </Notice>
          <Notice kind="done" title="Done" />
        </Card>
        <Card title="Fields">
          <Field label="Empty" htmlFor="part-empty">
            <input id="part-empty" className={fieldClass} placeholder="such as B-201" />
          </Field>
          <Field
            label="Wrong"
            htmlFor="part-wrong"
            error={{ id: "part-wrong-error", text: "Not a number. Write it like 14.99." }}
          >
            <input
              id="part-wrong"
              className={fieldClass}
              defaultValue="14.9.9"
              aria-invalid="true"
              aria-describedby="part-wrong-error"
            />
          </Field>
          <Field
            label="With help"
            htmlFor="part-help"
            help={{ id: "part-help-text", text: "Empty for off." }}
          >
            <input id="part-help" className={fieldClass} aria-describedby="part-help-text" />
          </Field>
        </Card>
        <Card title="Switch and tabs">
          <Switch
            label="View"
            name="part-view"
            options={[
              { key: "first", title: "First", children: <p>The first view.</p> },
              { key: "second", title: "Second", children: <p>The second view.</p> },
              { key: "third", title: "Third", children: <p>The third view.</p> },
            ]}
          />
          <Tabs
            label="Lists"
            current="all"
            tabs={[
              { key: "all", href: "/parts", name: "All", count: "26" },
              { key: "some", href: "/parts", name: "Some", count: "5" },
            ]}
          />
        </Card>
        <ScrollTable id="part-table" caption="A table in a region of its own">
          <thead>
            <tr>
              <ColumnHead>Name</ColumnHead>
              <ColumnHead numeric>Value</ColumnHead>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row" className="px-4 py-2 text-left font-normal">
                First
              </th>
              <td className="px-4 py-2 text-right font-mono">0.3186</td>
            </tr>
          </tbody>
        </ScrollTable>
      </div>
    </Page>
  );
}
