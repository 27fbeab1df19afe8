/** A protobuf message as it is on the wire: what was written under each field number, in order. */
export type Fields = Map<number, (bigint | Buffer)[]>;

const VARINT = 0;
const FIXED64 = 1;
const DELIMITED = 2;
const FIXED32 = 5;

/** Reads one message. Enough for messages of which a few fields matter, without their definitions. */
export function fieldsOf(message: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const bytes = (length: number): Buffer => message.subarray(at, (at += length));
  while (at < message.length) {
    const tag = Number(varint());
    const value = read(tag & 7);
    const number = tag >> 3;
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;

  function read(wireType: number): bigint | Buffer {
    if (wireType === VARINT) return varint();
    if (wireType === FIXED64) return bytes(8);
    if (wireType === FIXED32) return bytes(4);
    if (wireType === DELIMITED) return bytes(Number(varint()));
    throw new Error(`no protobuf message: wire type ${wireType} at byte ${at}`);
  }
}

export function messages(fields: Fields, number: number): Fields[] {
  return buffers(fields, number).map(fieldsOf);
}

export function string(fields: Fields, number: number): string {
  return buffers(fields, number).at(-1)?.toString("utf8") ?? "";
}

function buffers(fields: Fields, number: number): Buffer[] {
  return (fields.get(number) ?? []).filter((value): value is Buffer => typeof value !== "bigint");
}
