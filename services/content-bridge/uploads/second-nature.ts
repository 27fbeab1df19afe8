/** What a program looks for anywhere in a file, or wherever it looks at all, to take it for another kind of file. */
const anywhere: Readonly<Record<string, RegExp>> = {
  "a web page or script": /<script[\s>]|<html[\s>]|<!doctype\s+html|<\?php\s/i,
  "a RAR archive": /Rar!\x1a\x07/,
  "a 7z archive": /7z\xbc\xaf\x27\x1c/,
};
/** More than the longest of those. */
const overlap = 32;
/** Readers of PDF look at the beginning. */
const pdf = { name: "a PDF document", mark: "%PDF-", within: 1024 };
/** Readers of ZIP look at the end, for a record of 22 bytes with a comment after it. */
const zip = { name: "a ZIP archive", mark: "PK\x05\x06", bytes: 22, commentLengthAt: 20, longestComment: 0xffff };

/**
 * Finds out of a file in pieces whether it is, beside what it seems to be, something else as well: harmless to look at,
 * and something to open, unpack or run for another program.
 */
export class SecondNature {
  private found: string | undefined;
  private tail = Buffer.alloc(0);
  private seen = 0;

  update(piece: Buffer): void {
    const text = Buffer.concat([this.tail.subarray(-overlap), piece]).toString("latin1");
    for (const [name, mark] of Object.entries(anywhere)) if (mark.test(text)) this.found ??= name;
    const isBeginning = this.seen < pdf.within;
    if (isBeginning && text.slice(0, pdf.within + overlap - this.seen).includes(pdf.mark)) this.found ??= pdf.name;
    this.seen += piece.length;
    this.tail = Buffer.concat([this.tail, piece]).subarray(-(zip.bytes + zip.longestComment));
  }

  /** What else it is, such as "a ZIP archive"; undefined for nothing. */
  end(): string | undefined {
    return this.found ?? (this.endsAsZip() ? zip.name : undefined);
  }

  private endsAsZip(): boolean {
    const mark = Buffer.from(zip.mark, "latin1");
    for (let at = this.tail.lastIndexOf(mark); at >= 0; at = at > 0 ? this.tail.lastIndexOf(mark, at - 1) : -1) {
      const rest = this.tail.length - at - zip.bytes;
      // Most readers bear something after the comment.
      if (rest >= 0 && this.tail.readUInt16LE(at + zip.commentLengthAt) <= rest) return true;
    }
    return false;
  }
}
