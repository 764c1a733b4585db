import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { connection } from "next/server";
import { HowToDraw } from "@/components/measure/how-to-draw";
import { Measure } from "@/components/measure/measure";
import { Notice } from "@/components/ui/notice";
import { Page } from "@/components/ui/page";
import { FEATURES, GROUPS, measuring, PROPERTIES, table } from "@/tables/current";

export const metadata: Metadata = { title: measuring?.title ?? "Not found" };

export default async function MeasurePage() {
  await connection();
  if (measuring === null) notFound();
  return (
    <Page
      title={measuring.title}
      lead={measuring.lead}
      width="history"
      back={{ href: "/", name: "New prediction" }}
    >
      <Notice kind="caution" title={measuring.honest[0]}>
        <p className="text-xs">
          {measuring.honest.slice(1).join(" ")}{" "}
          <a href="/measurements" className="underline underline-offset-4">
            What each number is, and how firm that is
          </a>
        </p>
      </Notice>
      <p className="hidden noscript:block">
        This page draws and measures in your browser, which needs JavaScript.
      </p>
      <Measure
        measuring={measuring}
        howToDraw={<HowToDraw one={measuring.nouns.one} many={measuring.nouns.many} />}
        table={{
          properties: PROPERTIES.map(({ key, label }) => ({ key, label })),
          groups: GROUPS.map(({ key, label }) => ({ key, label })),
          columns: FEATURES.map(({ key, property, range }) => ({ key, property, range })),
          person: table.nouns.person,
        }}
      />
    </Page>
  );
}
