import { parseRequirement, type Requirement } from "./requirements";

/** What a file asks of its run, by comments before its first statement. */
export interface Header {
  requirements: Requirement[];
}

type Refuse = (what: string, mend: string, line: number) => void;

const directive = /^--\s*(requires)\s*:(.*)$/i;

/**
 * Reads the header of a file.
 *
 * @param firstStatement line on which its first statement begins
 */
export function parseHeader(content: string, firstStatement: number, refuse: Refuse): Header {
  const header: Header = { requirements: [] };
  content.split("\n").forEach((text, index) => {
    const line = index + 1;
    const [, name, rest = ""] = directive.exec(text) ?? [];
    if (name === undefined) return;
    if (line > firstStatement) return refuse(`-- ${name} comes after the first statement`, "move it before that", line);
    const requirement = parseRequirement(rest, line);
    if (requirement) header.requirements.push(requirement);
    else {
      const mend = "write postgres >= 17, extension postgis, or extension postgis >= 3.5";
      refuse(`requires what nobody understands: ${rest.trim() || "nothing"}`, mend, line);
    }
  });
  return header;
}
