/** The id of the form that a page's boxes belong to, wherever in the page they are. */
export const SELECTION_FORM = "selection";

export const BOX = "size-4 min-w-4 accent-ink align-middle";

/** The box in a row's first cell. */
export function SelectBox({ id, at }: { id: string; at: Date }) {
  return (
    <td className="w-8 py-1 pl-3">
      <label className="flex min-h-6 min-w-6 items-center">
        <input
          type="checkbox"
          name="ids"
          value={id}
          form={SELECTION_FORM}
          aria-label={`Select the prediction of ${at.toISOString().slice(0, 16).replace("T", " ")} UTC`}
          className={BOX}
        />
      </label>
    </td>
  );
}
