// Apart from the description, so that no browser is sent it.

export { default as artifactJson } from "./artifact.json" with { type: "json" };
export { default as evaluationJson } from "./evaluation.json" with { type: "json" };
export { default as goldenJson } from "./golden.json" with { type: "json" };
