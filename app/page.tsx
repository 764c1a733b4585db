import type { Metadata } from "next";
import { NewPrediction } from "@/app/new-prediction";

export const metadata: Metadata = { title: "New prediction" };

/** The empty form, made at build time; docs/decisions/0019-static-front-page.md */
export default function NewPredictionPage() {
  return <NewPrediction />;
}
