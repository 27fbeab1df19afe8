-- The way back from 000009_models.sql; what its tables hold is lost.
-- squawk-ignore-file ban-drop-table
DROP TRIGGER model_registry_audit ON ml_infrastructure.model_registry;
DROP TRIGGER model_registry_touch ON ml_infrastructure.model_registry;
DROP TABLE ml_infrastructure.predictions;
DROP TABLE ml_infrastructure.model_metrics;
DROP TABLE ml_infrastructure.processing_jobs;
