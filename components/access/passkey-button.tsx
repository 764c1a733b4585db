"use client";

import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";

/** Signs in by a passkey, where the browser has them; leads to `next`, a path of ours. */
export function PasskeyButton({ next }: { next: string }) {
  const [canDo, setCanDo] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    setCanDo(typeof globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON === "function");
  }, []);
  if (!canDo) return null;

  async function enter() {
    setAsking(true);
    setProblem(await signInByPasskey());
    setAsking(false);
  }
  async function signInByPasskey(): Promise<string | null> {
    try {
      const options = await fetch("/api/auth/passkey/generate-authenticate-options");
      if (!options.ok) return "No passkey could be asked for. Try again.";
      const credential = await navigator.credentials.get({
        publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(await options.json()),
      });
      if (!(credential instanceof PublicKeyCredential)) return "No passkey was chosen.";
      const answer = await fetch("/api/auth/passkey/verify-authentication", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ response: credential.toJSON() }),
      });
      if (answer.status === 429) return "There were too many tries. Try again later.";
      if (!answer.ok) return "This passkey lets nobody in here.";
      location.assign(next);
      return null;
    } catch (error) {
      // What a browser throws where its dialog was closed.
      return error instanceof DOMException && error.name === "NotAllowedError"
        ? "No passkey was chosen."
        : "The server did not answer. Check that it is running, then try again.";
    }
  }

  return (
    <>
      <Button disabled={isAsking} onClick={enter}>
        {isAsking ? "Asking for a passkey …" : "Sign in with a passkey"}
      </Button>
      {problem !== null && <Notice kind="error" role="alert" title={problem} />}
    </>
  );
}
