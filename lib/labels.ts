/** Marks everything that a stack makes in Docker, so that it can be told from what others made. */
export function stackLabels(stack: string): Record<string, string> {
  return { "com.huntmaster.project": "hma-infra", "com.huntmaster.stack": stack };
}

/** The same, as the Docker provider takes them. */
export const labelList = (labels: Readonly<Record<string, string>>) =>
  Object.entries(labels).map(([label, value]) => ({ label, value }));
