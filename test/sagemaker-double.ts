import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { checkSignature } from "../aws/local/signature";

type Job = {
  TransformJobName: string;
  ModelName: string;
  Environment: Record<string, string>;
  TransformInput: { DataSource: { S3DataSource: { S3Uri: string } }; ContentType: string };
  TransformOutput: { S3OutputPath: string; Accept: string };
  DataProcessing: { InputFilter: string; OutputFilter: string };
};
type Known = { job: Job; status: string; reason?: string };

/** Rows of a request to the container: SageMaker sends as many as fit into MaxPayloadInMB. */
const ROWS_A_REQUEST = 200;

/**
 * SageMaker's three calls of batch transform on loopback for tests: signatures are checked, names are unique, and a job
 * that `release` lets go is worked off line by line by the container at `container`, over objects of `objects` ("bucket/key").
 * Of the filters it knows "$[n:]" and "$[0,n:]"; it knows no instances, models, compression or limits, and its errors are
 * as AWS documents them, not as they were seen.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html
 */
export async function startSageMaker(options: {
  keys: { accessKeyId: string; secretAccessKey: string };
  region: string;
  objects: Map<string, Buffer>;
  container: string;
}) {
  const jobs = new Map<string, Known>();
  const calls: string[] = [];

  function answer(action: string, input: Job): [status: number, body: object] {
    const { TransformJobName: name } = input;
    const known = jobs.get(name);
    if (action === "CreateTransformJob") {
      if (known !== undefined)
        return [400, { __type: "ResourceInUse", Message: "There is a job of this name" }];
      jobs.set(name, { job: input, status: "InProgress" });
      return [200, { TransformJobArn: `arn:aws:sagemaker:${options.region}:0:transform-job/${name}` }];
    }
    if (known === undefined) {
      return [400, { __type: "ValidationException", message: "Could not find requested job with name" }];
    }
    if (action === "DescribeTransformJob") {
      return [200, { TransformJobName: name, TransformJobStatus: known.status, FailureReason: known.reason }];
    }
    if (known.status !== "InProgress")
      return [400, { __type: "ValidationException", message: "Not running" }];
    known.status = "Stopped";
    return [200, {}];
  }

  async function work({ job }: Known): Promise<void> {
    const keyOf = (uri: string) => uri.slice("s3://".length);
    const below = keyOf(job.TransformInput.DataSource.S3DataSource.S3Uri);
    const [, skipped] = /^\$\[(\d+):\]$/.exec(job.DataProcessing.InputFilter) ?? [];
    const [, kept] = /^\$\[0,(\d+):\]$/.exec(job.DataProcessing.OutputFilter) ?? [];
    for (const [key, content] of [...options.objects].filter(([key]) => key.startsWith(below))) {
      const rows = content
        .toString("utf8")
        .trim()
        .split("\n")
        .map((line) => line.split(","));
      const joined: string[] = [];
      for (let at = 0; at < rows.length; at += ROWS_A_REQUEST) {
        const some = rows.slice(at, at + ROWS_A_REQUEST);
        const response = await fetch(`${options.container}/invocations`, {
          method: "POST",
          headers: { "content-type": job.TransformInput.ContentType, accept: job.TransformOutput.Accept },
          body: some.map((cells) => cells.slice(Number(skipped)).join()).join("\n"),
        });
        if (!response.ok) throw new Error(await response.text());
        const answers = (await response.text()).trim().split("\n");
        for (const [index, cells] of some.entries()) {
          const all = [...cells, ...(answers[index] ?? "").split(",")];
          joined.push([all[0], ...all.slice(Number(kept))].join());
        }
      }
      const name = `${keyOf(job.TransformOutput.S3OutputPath)}${key.slice(below.length)}.out`;
      options.objects.set(name, Buffer.from(`${joined.join("\n")}\n`));
    }
  }

  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const headers = request.headers as Record<string, string>;
    const url = new URL(request.url ?? "/", `http://${headers.host}`);
    const signed = await checkSignature(
      { method: "POST", url, headers, body },
      { keys: options.keys, region: options.region, service: "sagemaker" },
    );
    const action = headers["x-amz-target"]?.replace("SageMaker.", "") ?? "";
    const input = JSON.parse(body.toString("utf8")) as Job;
    calls.push(`${action} ${input.TransformJobName}`);
    const [status, content] = signed.ok
      ? answer(action, input)
      : [400, { __type: "InvalidSignatureException", message: signed.error }];
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(content));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    jobs,
    /** Such as "CreateTransformJob name". */
    calls,
    /** Lets a job be done, or fail for a reason. */
    async release(name: string, reason?: string) {
      const known = jobs.get(name);
      if (known === undefined) throw new Error(`there is no job ${name}`);
      if (reason === undefined) await work(known);
      jobs.set(name, { ...known, status: reason === undefined ? "Completed" : "Failed", reason });
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
