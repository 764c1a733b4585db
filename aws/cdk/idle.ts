import type { Part } from "./project";
import { type Settings, scales } from "./settings";

/**
 * What of each stack is paid for even while nobody predicts. A test counts them in the templates. Prices are AWS's to say:
 * they differ by region and change.
 */
export function paidWhenIdle(
  part: Part,
  { instanceType, customerKey }: Pick<Settings, "instanceType" | "customerKey">,
) {
  const parts: Record<Part, [count: number, what: string][]> = {
    Web: [
      [1, "t4g.small"],
      [1, "t4g.nano"],
      [1, "public IPv4 address"],
      [32, "GB of disk"],
      [4, "alarm"],
      [1, "secret"],
    ],
    "Web-fargate": [
      [2, "Fargate task of 1 vCPU and 2 GB"],
      [1, "load balancer"],
      [1, "firewall with one rule"],
      [0.5, "ACU of Aurora"],
      [10, "interface endpoint in a zone"],
      [2, "secret"],
      // The application's, and the scaling's own.
      [11, "alarm"],
    ],
    Ops: [
      [6, "alarm"],
      [1, "dashboard"],
      [1, "KMS key"],
    ],
    Api: [],
    "Endpoint-serverless": [],
    "Endpoint-instance": [
      [1, instanceType],
      // Those of its updates, and the scaling's own.
      [scales(instanceType) ? 4 : 2, "alarm"],
      [1, "KMS key"],
    ],
    Training: [],
    Data: customerKey ? [[1, "KMS key"]] : [],
  };
  return parts[part];
}

/** Stacks that the settings make. */
export const partsOf = ({ endpoint, web }: Pick<Settings, "endpoint" | "web">): Part[] => [
  "Data",
  "Training",
  `Endpoint-${endpoint}`,
  "Api",
  "Ops",
  ...(web === "ec2" ? (["Web"] as const) : []),
  ...(web === "fargate" ? (["Web-fargate"] as const) : []),
];
