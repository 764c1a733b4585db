"use client";

import { useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";

/** Makes a passkey on this device or key, where the browser can. */
export function AddPasskey() {
  const [canDo, setCanDo] = useState<boolean | null>(null);
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    setCanDo(typeof globalThis.PublicKeyCredential?.parseCreationOptionsFromJSON === "function");
  }, []);
  if (canDo !== true) {
    return (
      <p className="text-ink-2">
        {canDo === null ? "Adding one needs JavaScript." : "This browser knows no passkeys."}
      </p>
    );
  }

  async function add() {
    setAsking(true);
    setProblem(await makePasskey());
    setAsking(false);
  }
  async function makePasskey(): Promise<string | null> {
    try {
      const options = await fetch("/api/auth/passkey/generate-register-options");
      if (options.status === 403)
        return "You signed in a while ago. Sign out and in again, then add the passkey.";
      if (!options.ok) return "No passkey could be made. Try again.";
      const credential = await navigator.credentials.create({
        publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(await options.json()),
      });
      if (!(credential instanceof PublicKeyCredential)) return "No passkey was made.";
      const answer = await fetch("/api/auth/passkey/verify-registration", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ response: credential.toJSON() }),
      });
      if (!answer.ok) return "The passkey could not be saved. Try again.";
      location.reload();
      return null;
    } catch (error) {
      // What a browser throws where its dialog was closed, or the device has a passkey for here already.
      return error instanceof DOMException
        ? "No passkey was made. This device may have one for you already."
        : "The server did not answer. Check that it is running, then try again.";
    }
  }

  return (
    <>
      <Button disabled={isAsking} onClick={add} className="justify-self-start">
        {isAsking ? "Asking for a passkey …" : "Add a passkey"}
      </Button>
      {problem !== null && <Notice kind="error" role="alert" title={problem} />}
    </>
  );
}
