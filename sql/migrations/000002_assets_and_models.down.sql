-- squawk-ignore-file ban-drop-table
-- A reverse drops by nature, and all rows with it: back them up first.
DROP TABLE ml_infrastructure.model_registry;
DROP TABLE content.assets;
