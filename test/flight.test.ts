import { describe, expect, it } from "vitest";
import { ActionThrew, parseActionAnswer } from "./flight";

const parse = (text: string) => parseActionAnswer(Buffer.from(text));

describe("parseActionAnswer", () => {
  it("reads the value behind the promise of row 0", () => {
    const answer = parse(
      '0:{"a":"$@1","q":"","i":false,"b":"build"}\n1:{"ok":true,"value":{"id":"x","createdAt":"$D2026-11-24T04:11:33.647Z","values":[17.99,0.006193],"deletedAt":null}}\n',
    );
    expect(answer).toEqual({
      ok: true,
      value: {
        id: "x",
        createdAt: new Date("2026-11-24T04:11:33.647Z"),
        values: [17.99, 0.006193],
        deletedAt: null,
      },
    });
  });

  it("reads long text rows by bytes, newlines, colons and non-ASCII included", () => {
    const text = "▲ 1:\n2:{}\n";
    const length = Buffer.byteLength(text).toString(16);
    expect(parse(`0:{"a":"$@1"}\n2:T${length},${text}1:{"message":"$2","same":"$1:message"}\n`)).toEqual({
      message: text,
      same: text,
    });
  });

  it("tells escaped dollars, numbers JSON lacks and undefined from text", () => {
    expect(parse('0:{"a":"$@1"}\n1:["$$5","$NaN","$-0","$undefined","$n12"]\n')).toEqual([
      "$5",
      Number.NaN,
      -0,
      undefined,
      12n,
    ]);
    expect(parse('0:{"a":"$@1"}\n2:T3,$5\n1:["$2"]\n')).toEqual(["$5\n"]);
  });

  it("passes over hints and module rows", () => {
    expect(parse(':HL["/style.css","style"]\n0:{"a":"$@1"}\n3:I[1,[],"x"]\n1:7\n')).toBe(7);
  });

  it("throws where the action threw, and on what is not an action's answer", () => {
    expect(() => parse('0:{"a":"$@1"}\n1:E{"digest":"123"}\n')).toThrow(ActionThrew);
    expect(() => parse("<!DOCTYPE html>")).toThrow("without an id");
    expect(() => parse('0:{"b":"build"}\n')).toThrow("no action result");
    expect(() => parse('0:{"a":"$@1"}\n')).toThrow("cannot resolve $@1");
    expect(() => parse('0:{"a":"$@1"}\n1:{"ok":tr')).toThrow("cut short");
    expect(() => parse('0:{"a":"$@1"}\n1:Tff,short')).toThrow("cut short");
  });
});
