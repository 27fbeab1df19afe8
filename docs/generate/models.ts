import { join } from "node:path";
import { readModels, type ModelCard } from "../../lib/models";
import { code, table } from "../../lib/markdown";

/** The page about every model that this project ships, from their cards. */
export function renderModels(): string {
  const cards = readModels(join(__dirname, "../../models")).map(({ card }) => card);
  return `# Models

Written by \`make docs\` from the cards in \`models/\`. How they are made, published and served:
[decision 15](decisions/0015-model.md).

${cards.map(renderCard).join("\n\n")}
`;
}

function renderCard(card: ModelCard): string {
  const { training, measured } = card;
  return `## ${card.name} ${card.version}

${card.purpose}. ${training.limits}

${table(
    ["", ""],
    [
      ["input", `\`features\`: ${card.features.length} numbers, ${card.features[0]} to ${card.features.at(-1)}`],
      ["output", `how sure it is of each of ${card.labels.length} labels, 0 to 1`],
      ["method", training.method],
      ["trained on", training.data],
      ["measured on", measured.dataset],
      ["accuracy", String(measured.accuracy)],
      ["sha256", code(card.sha256)],
    ],
  )}

${table(["label", "recall"], card.labels.map((label, i) => [label, String(measured.recall[i])]))}`;
}
