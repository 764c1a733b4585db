import { createSign, generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Who the provider says somebody is. */
type Claims = { sub: string; email: string; email_verified: boolean; name: string };

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

/**
 * A provider of OpenID Connect with discovery, keys and the code flow, as Cognito has them. Whoever it leads back is `claims`; it
 * checks the secret, the redirect and PKCE's verifier is there.
 */
export class OidcProvider {
  /** What it says wrongly, instead of what it would. */
  wrong: { head?: object; claims?: object; signature?: string } = {};
  claims: Claims = { sub: "1", email: "", email_verified: true, name: "" };
  readonly #keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  readonly #server: Server;
  readonly #nonces = new Map<string, string>();

  private constructor(
    readonly clientId: string,
    readonly clientSecret: string,
  ) {
    this.#server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const answer = this.#answer(
        new URL(request.url ?? "", this.issuer),
        new URLSearchParams(body),
        request.headers,
      );
      if (answer === null) response.writeHead(400).end();
      else if (typeof answer === "string") response.writeHead(302, { Location: answer }).end();
      else response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
    });
  }

  static async start(): Promise<OidcProvider> {
    const provider = new OidcProvider(randomUUID(), randomUUID());
    provider.#server.listen(0, "127.0.0.1");
    await once(provider.#server, "listening");
    return provider;
  }

  get issuer(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
  }

  #answer(url: URL, form: URLSearchParams, headers: { authorization?: string }): object | string | null {
    const { issuer } = this;
    switch (url.pathname) {
      case "/.well-known/openid-configuration":
        return {
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          id_token_signing_alg_values_supported: ["RS256"],
        };
      case "/jwks":
        return {
          keys: [{ ...this.#keys.publicKey.export({ format: "jwk" }), kid: "1", alg: "RS256", use: "sig" }],
        };
      case "/authorize": {
        const asked = Object.fromEntries(url.searchParams);
        if (asked.client_id !== this.clientId || asked.code_challenge_method !== "S256") return null;
        const code = randomUUID();
        this.#nonces.set(code, asked.nonce ?? "");
        return `${asked.redirect_uri}?code=${code}&state=${encodeURIComponent(asked.state ?? "")}`;
      }
      case "/token": {
        const nonce = this.#nonces.get(form.get("code") ?? "");
        const basic = Buffer.from(headers.authorization?.replace("Basic ", "") ?? "", "base64").toString();
        const isOurs =
          form.get("client_secret") === this.clientSecret || basic.endsWith(`:${this.clientSecret}`);
        if (nonce === undefined || !isOurs || form.get("code_verifier") === null) return null;
        const now = Math.floor(Date.now() / 1000);
        const head = encoded({ alg: "RS256", kid: "1", ...this.wrong.head });
        const claims = encoded({
          ...{ ...this.claims, iss: issuer, aud: this.clientId, iat: now, exp: now + 60 },
          ...(nonce !== "" && { nonce }),
          ...this.wrong.claims,
        });
        const signature = createSign("RSA-SHA256")
          .update(`${head}.${claims}`)
          .sign(this.#keys.privateKey, "base64url");
        return {
          access_token: "an access token",
          token_type: "Bearer",
          expires_in: 60,
          id_token: `${head}.${claims}.${this.wrong.signature ?? signature}`,
        };
      }
      default:
        return null;
    }
  }
}
