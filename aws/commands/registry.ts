import * as z from "zod";
import { fail, ok, type Result } from "../../lib/result";
import { askAws } from "./aws-api";

/** A version of SageMaker's Model Registry: what was trained, how good it is, and whether it may be served. */
export type ModelVersion = {
  group: string;
  image: string;
  /** Where its model.tar.gz is, as s3://… */
  modelData: string;
  status: "Approved" | "Rejected";
  description: string;
  figures: Record<string, string>;
};

const registered = z.object({ ModelPackageArn: z.string() });

/**
 * Registers a version and resolves to its ARN.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html
 */
export async function registerModel(region: string, version: ModelVersion): Promise<Result<string, string>> {
  const { group, image, modelData, status, description, figures } = version;
  const input = {
    ModelPackageGroupName: group,
    ModelPackageDescription: description.slice(0, 1024),
    InferenceSpecification: {
      Containers: [{ Image: image, ModelDataUrl: modelData }],
      SupportedContentTypes: ["application/json", "text/csv"],
      SupportedResponseMIMETypes: ["application/json", "text/csv"],
    },
    ModelApprovalStatus: status,
    CustomerMetadataProperties: figures,
  };
  const answer = await askAws(region, "sagemaker", "CreateModelPackage", input, registered);
  return answer.ok
    ? ok(answer.value.ModelPackageArn)
    : fail(`SageMaker does not register the model. ${answer.error}`);
}
