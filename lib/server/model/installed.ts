import "server-only";
import { parseArtifact } from "@/model/artifact";
import { artifactJson } from "@/tables/current-model";

/** The model that is installed here, whichever one answers. */
export const INSTALLED = parseArtifact(artifactJson);
