import { parseRequirement, type Requirement } from "./requirements";

/** What a file asks of its run, by comments before its first statement. */
export interface Header {
  requirements: Requirement[];
  /** False for `-- no-transaction`: its statements run one by one, each outside a transaction. */
  transaction: boolean;
}

type Refuse = (what: string, mend: string, line: number) => void;

const directive = /^--\s*(?:(requires)\s*:|(no-transaction)\b)(.*)$/i;

/**
 * Reads the header of a file.
 *
 * @param firstStatement line on which its first statement begins
 */
export function parseHeader(content: string, firstStatement: number, refuse: Refuse): Header {
  const header: Header = { requirements: [], transaction: true };
  content.split("\n").forEach((text, index) => {
    const line = index + 1;
    const [, requires, noTransaction, rest = ""] = directive.exec(text) ?? [];
    const name = requires ?? noTransaction;
    if (name === undefined) return;
    if (line > firstStatement) return refuse(`-- ${name} comes after the first statement`, "move it before that", line);
    if (noTransaction) {
      if (rest.trim() !== "") refuse("-- no-transaction stands alone", "move the rest to a line of its own", line);
      header.transaction = false;
      return;
    }
    const requirement = parseRequirement(rest, line);
    if (requirement) header.requirements.push(requirement);
    else {
      const mend = "write postgres >= 17, extension postgis, or extension postgis >= 3.5";
      refuse(`requires what nobody understands: ${rest.trim() || "nothing"}`, mend, line);
    }
  });
  return header;
}
