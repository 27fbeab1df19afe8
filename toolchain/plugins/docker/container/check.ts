import { UNKNOWN } from "../../../../provider/frame/types";
import type { Failure, Value, Values } from "../../../../provider/frame/types";
import { nanoseconds } from "./durations";

/** Refuses what Docker or the official provider would refuse, before anything is made. Skips what is not known yet. */
export function checkContainer(inputs: Values): Failure[] {
  const failures: Failure[] = [];
  const refuse = (property: string, reason: string): void => void failures.push({ property, reason });
  const wholeNumber = (path: string, value: Value | undefined, lowest: number, highest = Infinity): void => {
    if (typeof value !== "number" || (Number.isInteger(value) && value >= lowest && value <= highest)) return;
    refuse(path, `must be a whole number from ${lowest}${highest === Infinity ? "" : ` to ${highest}`}, not ${value}`);
  };
  const pattern = (path: string, value: Value | undefined, expected: RegExp, meaning: string): void => {
    if (typeof value === "string" && !expected.test(value)) refuse(path, `must be ${meaning}, not ${value}`);
  };

  for (const key of ["wait", "attach", "logs"]) {
    if (inputs[key] === true) refuse(key, "is not served here: hma:index:Healthy waits until a container serves");
  }
  if (typeof inputs["waitTimeout"] === "number" && inputs["waitTimeout"] !== 60) {
    refuse("waitTimeout", "is not served here, as wait is not");
  }
  const policies = /^(no|on-failure|always|unless-stopped)$/;
  pattern("restart", inputs["restart"], policies, "no, on-failure, always or unless-stopped");
  for (const key of ["memory", "shmSize", "destroyGraceSeconds", "stopTimeout"]) {
    wholeNumber(key, inputs[key], 0);
  }
  wholeNumber("memorySwap", inputs["memorySwap"], -1);
  each(inputs["command"], (part, index) => {
    if (part === "") refuse(`command[${index}]`, "may not be empty");
  });

  items(inputs["ports"], (port, index) => {
    wholeNumber(`ports[${index}].internal`, port["internal"], 1, 65535);
    wholeNumber(`ports[${index}].external`, port["external"], 0, 65535);
    pattern(`ports[${index}].protocol`, port["protocol"], /^(tcp|udp|sctp)$/, "tcp, udp or sctp");
  });

  items(inputs["volumes"], (volume, index) => {
    if (!volume["containerPath"]) refuse(`volumes[${index}].containerPath`, "is required and missing");
    pattern(`volumes[${index}].hostPath`, volume["hostPath"], /^\//, "an absolute path");
  });

  items(inputs["uploads"], (upload, index) => {
    const path = `uploads[${index}]`;
    if (Boolean(upload["content"]) === Boolean(upload["contentBase64"])) {
      refuse(path, "exactly one of content and contentBase64 must be set, and not be empty");
    }
    const encoded = upload["contentBase64"];
    if (typeof encoded === "string" && Buffer.from(encoded, "base64").toString("base64") !== encoded) {
      refuse(`${path}.contentBase64`, "is not base64");
    }
    pattern(`${path}.permissions`, upload["permissions"], /^0[0-7]{3}$/, "an octal mode of four digits such as 0640");
    pattern(`${path}.owner`, upload["owner"], /^\d+$/, "a numeric user id");
    pattern(`${path}.group`, upload["group"], /^\d+$/, "a numeric group id");
    pattern(`${path}.file`, upload["file"], /^\//, "an absolute path");
  });
  if (inputs["readOnly"] === true && items(inputs["uploads"]).length > 0) {
    refuse("uploads", "Docker takes none into a container with readOnly: upload into a volume from another container");
  }

  const healthcheck = inputs["healthcheck"];
  if (healthcheck !== undefined && healthcheck !== UNKNOWN) {
    const { retries, startInterval, ...rest } = healthcheck as Values;
    wholeNumber("healthcheck.retries", retries, 0);
    for (const key of ["interval", "timeout", "startPeriod"]) checkDuration(`healthcheck.${key}`, rest[key], refuse);
    if (typeof startInterval === "string" && nanoseconds(startInterval) !== 0) {
      refuse("healthcheck.startInterval", "needs Docker 25; leave it out and shorten interval");
    }
  }
  return failures;
}

function checkDuration(path: string, value: Value | undefined, refuse: (path: string, reason: string) => void): void {
  if (typeof value !== "string") return;
  const length = nanoseconds(value);
  if (length === undefined) refuse(path, `must be a duration such as 1m30s, not ${value}`);
  else if (length < 0) refuse(path, `must not be negative: ${value}`);
  else if (length > 0 && length < 1e6) refuse(path, `must be 0s or at least 1ms, not ${value}`);
}

function each(values: Value | undefined, visit: (value: Value, index: number) => void): void {
  if (Array.isArray(values)) values.forEach(visit);
}

function items(values: Value | undefined, visit?: (value: Values, index: number) => void): Values[] {
  const list = Array.isArray(values) ? values : [];
  list.forEach((value, index) => {
    if (value !== UNKNOWN) visit?.(value as Values, index);
  });
  return list as Values[];
}
