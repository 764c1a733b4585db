import { readFileSync } from "node:fs";

const DOCUMENT = readFileSync(new URL("../docs/deploy.md", import.meta.url), "utf8");

/** A proxy's configuration as docs/deploy.md has it, by what stands behind the beginning of its block. */
export function recipeOf(language: string): string {
  const [, recipe] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(DOCUMENT) ?? [];
  if (recipe === undefined) throw new Error(`docs/deploy.md has no recipe for ${language}`);
  return recipe;
}

/** Exchanges what has to be there. */
export function exchange(text: string, here: string, there: string): string {
  if (!text.includes(here)) throw new Error(`The recipe of docs/deploy.md does not have: ${here}`);
  return text.replaceAll(here, there);
}

/** Where Debian's nginx is. */
export const NGINX = "/usr/sbin/nginx";

/** A configuration of nginx with a recipe, which keeps all its files in a folder; `main`: directives before it. */
export function nginxConfig(recipe: string, folder: string, main = ""): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  return `daemon off; pid ${folder}/pid; error_log stderr; ${main}
events {}
http {
  access_log off;
  ${temporary.join("\n  ")}
  ${recipe}
}`;
}

export const nginxArgs = (config: string, folder: string) => ["-p", folder, "-c", config, "-e", "stderr"];
