/** The id of the form that a page's boxes belong to, wherever in the page they are. */
export const SELECTION_FORM = "selection";

const AROUND = "relative z-1 grid h-full min-h-7 w-8 place-items-center";
const BOX = "size-4 accent-ink max-sm:size-5";

/** The box in a row's first cell; `name` is what the row is called. */
export function SelectBox({ id, name }: { id: string; name: string }) {
  return (
    <td className="bo">
      <label className={AROUND}>
        <input
          type="checkbox"
          name="ids"
          value={id}
          form={SELECTION_FORM}
          aria-label={`Select ${name}`}
          className={BOX}
        />
      </label>
    </td>
  );
}

/** The box in the head of that column: it stands for all rows of the page, with a script or without. */
export function SelectAllBox({ ids }: { ids: readonly string[] }) {
  return (
    <td className="bo">
      <label className={AROUND}>
        <input
          type="checkbox"
          name="all"
          value={ids.join()}
          form={SELECTION_FORM}
          aria-label="Select all on this page"
          className={BOX}
        />
      </label>
    </td>
  );
}
