import { type SubmitEvent, useEffect, useState, useTransition } from "react";
import { requestFormReset } from "react-dom";
import { keepInTab, keptInTab } from "@/components/ui/in-tab";
import { type Refusal, refusalOf } from "@/components/ui/refusal";
import { type FormState, type Texts, textsOf } from "@/lib/form-state";

/**
 * A form's action, called in the browser so that what it throws is told beside the form, which stays as it is: React would
 * put the error page in its place. The form's own `action` stays the server's, for browsers without JavaScript.
 */

/** For an action that leads elsewhere when it is done. */
export function useAction(action: (form: FormData) => Promise<void>) {
  const { send, ...sending } = useSending();
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) =>
    send(event, async (form) => {
      await action(form);
      return () => {};
    });
  return { ...sending, form: { action, onSubmit } };
}

/** For an action that answers; `posted` is React's state of the same one, for browsers without JavaScript. */
export function useAnswer<Answer>(
  action: (last: Answer | null, form: FormData) => Promise<Answer | null>,
  [posted, post]: [Answer | null, (form: FormData) => void, boolean],
  onAnswer: (answer: Answer | null) => void = () => {},
) {
  const { send, ...sending } = useSending();
  const [answer, show] = useState(posted);
  const onSubmit = (event: SubmitEvent<HTMLFormElement>) =>
    send(event, async (form) => {
      const next = await action(answer, form);
      return () => {
        show(next);
        onAnswer(next);
      };
    });
  return { ...sending, answer, show, form: { action: post, onSubmit } };
}

/**
 * For a form in which something is typed. That stays in the tab, at `place`, until it is saved: `unsaved` is what a page
 * before this one left there, unless it is what is `saved`.
 */
export function useTypedForm<Field extends string, Done>(
  place: string,
  saved: Texts<Field>,
  action: (last: FormState<Field, Done>, form: FormData) => Promise<FormState<Field, Done>>,
  posted: [FormState<Field, Done>, (form: FormData) => void, boolean],
) {
  const [unsaved, setUnsaved] = useState<Texts<Field> | null>(null);
  const { form, show, ...rest } = useAnswer(action, posted, (answer) => {
    // Anything but a sentence asks for more.
    if (answer?.ok && typeof answer.done === "string") forget();
  });

  function forget() {
    keepInTab(place, null);
    setUnsaved(null);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, after the first render, which has to be the server's.
  useEffect(() => {
    const kept = keptInTab(place) as Texts<Field> | null;
    const fields = Object.keys(saved) as Field[];
    if (kept !== null && fields.some((field) => (kept[field] ?? "") !== (saved[field] ?? "")))
      setUnsaved(kept);
  }, [place]);

  function drop() {
    forget();
    show(null);
  }
  const onInput = ({ currentTarget }: { currentTarget: HTMLFormElement }) =>
    keepInTab(place, textsOf(new FormData(currentTarget)));
  return { ...rest, unsaved, drop, form: { ...form, onInput } };
}

function useSending() {
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [isSending, start] = useTransition();
  /** Sends what is in the form to `act`, and shows what comes back. */
  function send(event: SubmitEvent<HTMLFormElement>, act: (form: FormData) => Promise<() => void>) {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form, event.nativeEvent.submitter);
    start(async () => {
      try {
        const show = await act(data);
        start(() => {
          setRefusal(null);
          show();
          // As React does with an action of its own.
          requestFormReset(form);
        });
      } catch (error) {
        const refusal = refusalOf(error);
        start(() => setRefusal(refusal));
      }
    });
  }
  return { refusal, isSending, send };
}
