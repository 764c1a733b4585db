import type { Metadata } from "next";
import { cookies } from "next/headers";
import { TwinsCard } from "@/app/classes/twins-card";
import { GuessFirstSwitch } from "@/components/prediction/guess-first";
import { GuessTally } from "@/components/prediction/guess-tally";
import { Card } from "@/components/ui/card";
import { Page } from "@/components/ui/page";
import { GUESS_FIRST_COOKIE } from "@/lib/prediction/guesses";
import { TWINS } from "@/lib/server/model/twins";
import { about, table } from "@/tables/current";

export const metadata: Metadata = { title: "For classes" };

export default async function ClassesPage() {
  const isOn = (await cookies()).get(GUESS_FIRST_COOKIE)?.value === "1";
  return (
    <Page
      title="For classes"
      lead="Two ways to see what numbers can and cannot tell: guess before the model answers, and compare cases that hardly differ but are not of one kind."
      back={{ href: "/model", name: "Model card" }}
    >
      <Card
        title="Guess first"
        caption="While this is on, an answer stays hidden until you have guessed it or left the case to a person. Your choice and your guesses are stored in this browser only."
      >
        <GuessFirstSwitch isOn={isOn} />
        <p className="hidden noscript:block">This needs JavaScript, which this browser does not run.</p>
        <GuessTally />
      </Card>
      {TWINS.map((pair, at) => (
        <TwinsCard key={pair.positive} pair={pair} place={at} />
      ))}
      {about !== null && (
        <p>
          What is measured, and what is not known about it:{" "}
          <a href="/measurements" className="underline">
            About the {table.nouns.values}
          </a>
        </p>
      )}
    </Page>
  );
}
