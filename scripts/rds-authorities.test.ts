import { X509Certificate } from "node:crypto";
import { expect, it } from "vitest";
import { rdsAuthorities } from "./rds-authorities.mjs";

it("has each region's three roots, which sign themselves and last, and nothing that has run out", () => {
  const found = (
    rdsAuthorities().match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  ).map((pem) => new X509Certificate(pem));
  const names = found.map(({ subject }) => /^CN=(.*)$/m.exec(subject)?.[1]);
  for (const region of ["eu-central-1", "eu-west-1", "us-east-1", "us-west-2", "ap-southeast-2"]) {
    for (const key of ["RSA2048", "RSA4096", "ECC384"])
      expect(names).toContain(`Amazon RDS ${region} Root CA ${key} G1`);
  }
  expect(new Set(names).size).toBe(names.length);
  for (const one of found) {
    expect(one.ca && one.checkIssued(one) && one.verify(one.publicKey), one.subject).toBe(true);
    expect(new Date(one.validTo).getFullYear()).toBeGreaterThan(2060);
  }
});
