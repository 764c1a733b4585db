import type { Metadata } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { May } from "@/app/may";
import { saveRetentionAction, test } from "@/app/path/actions";
import { RetentionForm } from "@/components/history/retention-form";
import { Failures, Latency } from "@/components/path/last-day";
import { PathTestForm } from "@/components/path/path-test";
import { Card } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
import { Facts } from "@/components/ui/facts";
import { Fold } from "@/components/ui/fold";
import { NotRead } from "@/components/ui/not-read";
import { Page } from "@/components/ui/page";
import { writeWireVector } from "@/lib/contract";
import { retentionText } from "@/lib/history/retention";
import { writeInferRequest } from "@/lib/inference/open-inference";
import { commandFor } from "@/lib/path/by-program";
import { formatMs } from "@/lib/path/path-status";
import { may } from "@/lib/server/access/actor";
import { env } from "@/lib/server/env";
import { findRetention } from "@/lib/server/history/retention";
import { type BackendHealth, inference } from "@/lib/server/inference/inference";
import { readLocale } from "@/lib/server/locale";
import { lastDay } from "@/lib/server/path/path-record";
import { NEVER_SENT, whatLeaves } from "@/lib/server/privacy/outward";
import { SAMPLES, words } from "@/tables/current";

export const metadata: Metadata = { title: "Path" };

const BACKENDS = {
  embedded: "Embedded: the model runs in this process",
  https: "API Gateway, which calls a Lambda, which calls the model's endpoint",
  sagemaker: "SageMaker, called directly",
  oip: "A server of the Open Inference Protocol v2",
} as const;

const UNKNOWN_REGION = "not known; set AWS_REGION";

export default async function PathPage() {
  // Shows what is so now, not at build time.
  await connection();
  const path = await inference().health();
  const record = await lastDay(path.backend);
  const retention = await findRetention();
  return (
    <Page
      title="The path to the model"
      lead="Where a case goes before its answer comes back, and how long each stop takes."
    >
      <Card title="Form to model, and back">
        <May permission="administer" isSaid>
          <PathTestForm backend={path.backend} sample={SAMPLES[0].about} where={whereOf(path)} test={test} />
        </May>
      </Card>
      <div className="@container">
        <div className="grid items-start gap-5 @min-[52rem]:grid-cols-2 [&>*]:min-w-0">
          <div className="grid gap-5 [&>*]:min-w-0">
            <Card
              title="Set by the environment"
              caption={`By variables that are read when ${words.app.name} starts; .env.example explains each.`}
            >
              <PathFacts path={path} />
            </Card>
            <Card title="What leaves this machine" caption="By the settings as they are now.">
              <Leaves />
            </Card>
            <Card title="How long predictions are kept">
              {retention.ok ? (
                <Retention days={retention.value} />
              ) : (
                <NotRead what="The setting">Nothing is deleted in the meantime.</NotRead>
              )}
            </Card>
          </div>
          <div className="grid gap-5 [&>*]:min-w-0">
            <Card title="Last 24 hours">
              {record.ok ? <Record {...record.value} /> : <NotRead what="The record" />}
            </Card>
            <Card title="The same by program">
              <p>
                <a href="/api-docs" className="underline decoration-ink-3 hover:decoration-ink">
                  The API
                </a>{" "}
                predicts cases and keeps the answers, as the pages do.
              </p>
              <ByProgram path={path} />
            </Card>
            <Card title="Take another path" caption={`One variable, read when ${words.app.name} starts.`}>
              <Code>{`MODEL_URL=embedded:
  in this process
MODEL_URL=https://ID.execute-api.REGION.amazonaws.com/prod/predict
  API Gateway
MODEL_URL=sagemaker://REGION/ENDPOINT-NAME
  a SageMaker endpoint, called directly
MODEL_URL=oip+https://HOST/v2/models/NAME
  KServe, Triton, MLServer or another ${words.app.name}`}</Code>
            </Card>
          </div>
        </div>
      </div>
    </Page>
  );
}

function Leaves() {
  const outward = whatLeaves();
  return (
    <>
      {outward.length === 0 ? (
        <p>Nothing: model, database and files are on it.</p>
      ) : (
        <ul className="grid gap-2">
          {outward.map(({ to, variable, isThisMachine, sent, never }) => (
            <li key={variable}>
              <b className="break-all font-semibold">{to}</b>
              {isThisMachine && ", on this machine"}, by <code className="break-all">{variable}</code>. Sent:{" "}
              {sent}. Never: {never}.
            </li>
          ))}
        </ul>
      )}
      <p className="text-ink-2">{NEVER_SENT}</p>
      {may("administer") && (
        <p>
          <a href="/privacy" className="underline decoration-ink-3 hover:decoration-ink">
            Everything of one case
          </a>
          : as a file, or erased.
        </p>
      )}
    </>
  );
}

function Retention({ days }: { days: number | null }) {
  if (may("administer")) return <RetentionForm days={days} save={saveRetentionAction} />;
  return <p>{retentionText(days)}</p>;
}

const whereOf = ({ backend, target, region }: BackendHealth) =>
  backend === "embedded"
    ? "All of it is in this process."
    : `${target}${region === null ? "" : `, ${region}`}.`;

function PathFacts({ path }: { path: BackendHealth }) {
  const { backend, target, region, signed, circuit, model, ok, detail, timeoutMs } = path;
  const facts: [string, ReactNode][] = [
    ["Backend", BACKENDS[backend]],
    ["Address", target],
    [
      "Region",
      {
        embedded: "none, it stays on this machine",
        oip: "none, it is no service of AWS",
        https: region ?? UNKNOWN_REGION,
        sagemaker: region ?? UNKNOWN_REGION,
      }[backend],
    ],
    ["State", `${ok ? "✓ available" : "✕ unavailable"}: ${detail}`],
    [
      "Model",
      model === null
        ? "not known until it has answered once; send a test"
        : `${model.name} ${model.version}${model.hash === null ? "" : `, hash ${model.hash.slice(0, 12)}`}`,
    ],
  ];
  if (backend !== "embedded") {
    facts.push(
      [
        "Requests",
        signed
          ? "signed with AWS credentials (SigV4)"
          : `not signed${backend === "oip" ? "" : "; no AWS credentials were found"}`,
      ],
      ["Time for a prediction", `${timeoutMs / 1000} s, one retry included`],
      [
        "Circuit",
        {
          closed: "closed: requests go through",
          open: "open: it failed several times in a row and gets no requests for a while",
          "half-open": "half open: the next request decides",
        }[circuit],
      ],
    );
  }
  return <Facts facts={facts} />;
}

type RecordProps = Extract<Awaited<ReturnType<typeof lastDay>>, { ok: true }>["value"];

async function Record({ answered, latency, failures }: RecordProps) {
  const failed = failures.reduce((sum, { count }) => sum + count, 0);
  if (latency === null && failed === 0) return <p>No prediction was requested by this path yet.</p>;
  return (
    <>
      <p>
        {latency === null
          ? "None answered"
          : `${answered.count.toLocaleString("en")}${answered.exact ? "" : " or more"} answered: half within ${formatMs(latency.p50)}, 95 % within ${formatMs(latency.p95)}`}
        ; {failed.toLocaleString("en")} failed.
      </p>
      {latency !== null && <Latency {...latency} />}
      {failed > 0 && <Failures failures={failures} locale={await readLocale()} />}
    </>
  );
}

function ByProgram({ path: { backend, target, region, signed } }: { path: BackendHealth }) {
  const { MODEL_URL: model, MODEL_API_KEY: key } = env();
  const url = "url" in model ? model.url : "";
  const address = { https: url, oip: `${url}/infer`, sagemaker: target, embedded: target }[backend];
  const command = commandFor({ backend, address, region, signed, hasKey: key !== undefined });
  if (command === null) {
    return <p>The model is inside {words.app.name}, so no other program can ask it by this path.</p>;
  }
  const [{ about, values }] = SAMPLES;
  return (
    <>
      <Code>{command}</Code>
      <Fold summary={`case.json, ${about}`}>
        <Code>
          {JSON.stringify(
            backend === "oip"
              ? writeInferRequest([values])
              : { instances: [{ features: writeWireVector(values) }] },
          )}
        </Code>
      </Fold>
    </>
  );
}
