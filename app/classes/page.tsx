import type { Metadata } from "next";
import { cookies } from "next/headers";
import { TwinsCard } from "@/app/classes/twins-card";
import { GuessFirstSwitch } from "@/components/prediction/guess-first";
import { GuessTally } from "@/components/prediction/guess-tally";
import { Card } from "@/components/ui/card";
import { Page } from "@/components/ui/page";
import { GUESS_FIRST_COOKIE } from "@/lib/prediction/guesses";
import { TWINS } from "@/lib/server/model/twins";

export const metadata: Metadata = { title: "For classes" };

export default async function ClassesPage() {
  const isOn = (await cookies()).get(GUESS_FIRST_COOKIE)?.value === "1";
  return (
    <Page
      title="For classes"
      lead="Two ways to see how far numbers carry: guess before the model answers, and look at cases that hardly differ and are not the same."
      back={{ href: "/model", name: "Model card" }}
    >
      <Card
        title="Guess first"
        caption="While this is on, an answer stays hidden until you say what you think, or leave the case to a person. Switch and tally are kept in this browser alone."
      >
        <GuessFirstSwitch isOn={isOn} />
        <p className="hidden noscript:block">This needs JavaScript, which this browser does not run.</p>
        <GuessTally />
      </Card>
      {TWINS.map((pair, at) => (
        <TwinsCard key={pair.positive} pair={pair} place={at} />
      ))}
      <p>
        What is measured, and what is not known of it:{" "}
        <a href="/measurements" className="underline">
          About the measurements
        </a>
      </p>
    </Page>
  );
}
