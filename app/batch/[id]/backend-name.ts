const NAMES: Partial<Record<string, string>> = {
  embedded: "answered in this process",
  https: "answered through API Gateway",
  sagemaker: "answered by a SageMaker endpoint",
};

/** Where the rows of a batch are answered, for a person. */
export const backendName = (backend: string) => NAMES[backend] ?? `answered by ${backend}`;
