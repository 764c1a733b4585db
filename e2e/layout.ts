import type { Page } from "@playwright/test";

/**
 * What is wrong with how a page lies in its window: it scrolls sideways as a whole, a control is covered by something else
 * or outside of the window when it is scrolled to, or a text is cut off.
 */
export const findLayoutFaults = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const faults: string[] = [];
    const { documentElement: root } = document;
    if (root.scrollWidth > innerWidth) faults.push(`the page is ${root.scrollWidth} wide`);
    const dialog = document.querySelector("dialog[open]");
    const scope = dialog ?? document;
    const isSeen = (element: Element) => {
      const { width, height } = element.getBoundingClientRect();
      return (
        width > 2 &&
        height > 2 &&
        element.checkVisibility({ visibilityProperty: true, opacityProperty: true })
      );
    };
    const nameOf = (element: Element) =>
      `${element.tagName.toLowerCase()} "${(element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 40)}"`;

    const controls = "a[href],button,input:not([type=hidden]),select,textarea,summary,[role=slider]";
    for (const control of scope.querySelectorAll(controls)) {
      if (!isSeen(control)) continue;
      control.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
      // A link over two lines has a middle that is not on it.
      const [box = control.getBoundingClientRect()] = control.getClientRects();
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const top = document.elementFromPoint(x, y);
      const label = control.closest("label");
      if (top === null) faults.push(`${nameOf(control)} is outside`);
      else if (!control.contains(top) && !top.contains(control) && !label?.contains(top))
        faults.push(`${nameOf(control)} is covered by ${nameOf(top)}`);
    }

    for (const element of scope.querySelectorAll("body *")) {
      const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
      if (!hasText || !isSeen(element) || element.closest("svg, .sr-only, dialog:not([open])")) continue;
      const style = getComputedStyle(element);
      const isCut =
        style.overflowX !== "visible" && style.overflowX !== "auto" && style.overflowX !== "scroll";
      if (isCut && style.textOverflow !== "ellipsis" && element.scrollWidth > element.clientWidth + 1)
        faults.push(`${nameOf(element)} is cut`);
      const isScrolled = element.closest("[tabindex='0'], nav, textarea, pre") !== null;
      const { right } = element.getBoundingClientRect();
      if (!isScrolled && right > innerWidth + 1)
        faults.push(`${nameOf(element)} ends at ${Math.round(right)}`);
    }
    return [...new Set(faults)];
  });
