import * as z from "zod";
import { awsErrorOf, callAws, type JsonService } from "../inference/aws-json";

/**
 * User and password of a secret in AWS Secrets Manager, where whoever keeps the database replaces the password while
 * servers run. Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html
 */

const SECRETS_MANAGER: JsonService = {
  ...{ host: "secretsmanager", target: "secretsmanager", service: "secretsmanager" },
};
const KEPT_MS = 60_000;
const TIMEOUT_MS = 5_000;

const answered = z.object({ SecretString: z.string() });
const login = z.object({ username: z.string().min(1), password: z.string().min(1) });
type Login = z.infer<typeof login>;

export class LoginSecret {
  readonly #name: string;
  readonly #region: string;
  #kept: { login: Login; at: number } | undefined;
  #asking: Promise<Login> | undefined;
  #keys: Promise<() => Promise<Parameters<typeof callAws>[1]["keys"]>> | undefined;

  constructor(name: string, region: string) {
    this.#name = name;
    this.#region = region;
  }

  /** What the secret says, or said in the last minute. Rejects with an Error that says what is wrong with it. */
  async login(): Promise<Login> {
    if (this.#kept !== undefined && performance.now() - this.#kept.at < KEPT_MS) return this.#kept.login;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  /** Has it asked for again, since the database refused what it said. */
  forget(): void {
    this.#kept = undefined;
  }

  async #ask(): Promise<Login> {
    const text = await this.#read();
    const parsed = login.safeParse(jsonOf(text));
    // Not with zod's words, which may quote a value.
    if (!parsed.success) throw this.#error('is not {"username": "…", "password": "…"}, as RDS keeps it');
    this.#kept = { login: parsed.data, at: performance.now() };
    return parsed.data;
  }

  async #read(): Promise<string> {
    let response: Response;
    let text: string;
    try {
      // Not for others: it is large. It keeps a role's keys until they end.
      this.#keys ??= import("@aws-sdk/credential-provider-node").then(({ defaultProvider }) =>
        defaultProvider({ timeout: 500, maxRetries: 0 }),
      );
      response = await callAws(SECRETS_MANAGER, {
        ...{ region: this.#region, action: "GetSecretValue", body: JSON.stringify({ SecretId: this.#name }) },
        keys: await (await this.#keys)(),
        endpoint: process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? process.env.AWS_ENDPOINT_URL,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      text = await response.text();
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = cause instanceof Error ? `${message}, ${cause.message}` : message;
      throw this.#error(`cannot be asked for: ${reason}`);
    }
    if (!response.ok) {
      const { code, message } = awsErrorOf(text);
      throw this.#error(REFUSALS[code] ?? `was refused: ${code}, ${message}`);
    }
    const content = answered.safeParse(jsonOf(text));
    if (!content.success) throw this.#error("has no text");
    return content.data.SecretString;
  }

  #error(what: string): Error {
    return new Error(
      `The secret ${this.#name} of DATABASE_SECRET ${what} (Secrets Manager, ${this.#region}).`,
    );
  }
}

const REFUSALS: Record<string, string> = {
  ResourceNotFoundException:
    "is not there: it has to be the name or ARN of a secret of this account and region",
  AccessDeniedException:
    "may not be read: this process's role needs secretsmanager:GetSecretValue on it, and kms:Decrypt if it has a key of its own",
  DecryptionFailure: "cannot be decrypted: this process's role needs kms:Decrypt on its key",
};

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
