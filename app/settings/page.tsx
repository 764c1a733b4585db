import type { Metadata } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { saveRetentionAction, test } from "@/app/settings/actions";
import { RetentionForm } from "@/components/history/retention-form";
import { PathTestForm } from "@/components/path/path-test";
import { Card } from "@/components/ui/card";
import { Facts } from "@/components/ui/facts";
import { NotRead } from "@/components/ui/not-read";
import { Timestamp } from "@/components/ui/timestamp";
import type { Locale } from "@/lib/locale";
import { formatMs } from "@/lib/path/path-status";
import { findRetention } from "@/lib/server/history/retention";
import { type BackendHealth, inference } from "@/lib/server/inference/inference";
import { readLocale } from "@/lib/server/locale";
import { lastDay } from "@/lib/server/path/path-record";
import { SAMPLES } from "@/tables/current";

export const metadata: Metadata = { title: "Settings" };

const BACKENDS = {
  embedded: "Embedded: the model runs in this process",
  https: "API Gateway, which calls a Lambda, which calls the model's endpoint",
  sagemaker: "SageMaker, called directly",
} as const;

export default async function SettingsPage() {
  // Shows what is so now, not at build time.
  await connection();
  const path = await inference().health();
  const record = await lastDay(path.backend);
  const retention = await findRetention();
  return (
    <article className="grid gap-4">
      <header>
        <h1 className="font-semibold text-title tracking-tight">Settings</h1>
        <p className="text-ink-2 text-sm">
          Where the model is and how it fares, set by environment variables when Cytodesk starts (see
          .env.example), and how long predictions are kept, set here.
        </p>
      </header>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card title="The path to the model">
          <PathFacts path={path} />
        </Card>
        <Card title="The last 24 hours">
          {record.ok ? (
            <Record {...record.value} locale={await readLocale()} />
          ) : (
            <NotRead what="The record" />
          )}
        </Card>
        <Card title="Test the path">
          <p>
            Sends the {SAMPLES[0].label.toLowerCase()} through every hop to the model and back. Nothing is
            saved.
          </p>
          <PathTestForm test={test} />
        </Card>
        <Card title="How long predictions are kept">
          {retention.ok ? (
            <RetentionForm days={retention.value} save={saveRetentionAction} />
          ) : (
            <NotRead what="The setting">Nothing is deleted meanwhile.</NotRead>
          )}
        </Card>
      </div>
    </article>
  );
}

function PathFacts({ path }: { path: BackendHealth }) {
  const { backend, target, region, signed, circuit, model, ok, detail, timeoutMs } = path;
  const facts: [string, ReactNode][] = [
    ["Backend", BACKENDS[backend]],
    ["Address", target],
    [
      "Region",
      backend === "embedded" ? "none, it stays on this machine" : (region ?? "not known; set AWS_REGION"),
    ],
    ["State", `${ok ? "✓ available" : "✕ unavailable"}: ${detail}`],
    [
      "Model",
      model === null
        ? "not known until it has answered once; test the path"
        : `${model.name} ${model.version}${model.hash === null ? "" : `, hash ${model.hash.slice(0, 12)}`}`,
    ],
  ];
  if (backend !== "embedded") {
    facts.push(
      [
        "Requests",
        signed ? "signed with AWS credentials (SigV4)" : "not signed; no AWS credentials were found",
      ],
      ["Time for a prediction", `${timeoutMs / 1000} s, one retry included`],
      [
        "Circuit",
        {
          closed: "closed: requests go through",
          open: "open: it failed several times in a row and is left alone for a while",
          "half-open": "half open: the next request decides",
        }[circuit],
      ],
    );
  }
  return <Facts facts={facts} />;
}

type RecordProps = Extract<Awaited<ReturnType<typeof lastDay>>, { ok: true }>["value"];

function Record({ answered, latency, failures, locale }: RecordProps & { locale: Locale }) {
  const failed = failures.reduce((sum, { count }) => sum + count, 0);
  if (latency === null && failed === 0) return <p>No prediction was asked for through this path.</p>;
  return (
    <>
      <p>
        {latency === null
          ? "None answered"
          : `${answered.count.toLocaleString("en")}${answered.exact ? "" : " or more"} answered: half within ${formatMs(latency.p50)}, 95 % within ${formatMs(latency.p95)}`}
        ; {failed.toLocaleString("en")} failed.
      </p>
      {failed > 0 && (
        <div className="overflow-x-auto">
          <table className="w-full border-collapse text-sm">
            <caption className="sr-only">Failed predictions by what went wrong</caption>
            <thead>
              <tr className="border-line border-b text-left">
                <th scope="col" className="py-1 pr-4 font-semibold">
                  What went wrong
                </th>
                <th scope="col" className="py-1 pr-4 text-right font-semibold">
                  Times
                </th>
                <th scope="col" className="py-1 pr-4 font-semibold">
                  Last
                </th>
                <th scope="col" className="py-1 font-semibold">
                  Its request id
                </th>
              </tr>
            </thead>
            <tbody>
              {failures.map(({ reason, count, latest, requestId }) => (
                <tr key={reason} className="border-line border-b last:border-b-0">
                  <th scope="row" className="py-1 pr-4 text-left font-normal">
                    {reason.replaceAll("_", " ")}
                  </th>
                  <td className="py-1 pr-4 text-right font-mono tabular-nums">{count}</td>
                  <td className="py-1 pr-4">
                    <Timestamp at={latest} locale={locale} />
                  </td>
                  <td className="break-all py-1 font-mono text-xs">{requestId}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
