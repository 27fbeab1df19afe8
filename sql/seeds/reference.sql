-- What there is to learn. Rows that are there stay as they are.
INSERT INTO content.topics (slug, name, place) VALUES
  ('game-calls', 'Game calls', 1),
  ('hunt-strategy', 'Hunt strategy', 2),
  ('stealth-scouting', 'Stealth scouting', 3),
  ('tracking-recovery', 'Tracking and recovery', 4),
  ('gear-marksmanship', 'Gear and marksmanship', 5)
ON CONFLICT DO NOTHING;

INSERT INTO content.topics (parent_id, slug, name, place)
SELECT parent.id, child.slug, child.name, child.place
  FROM (VALUES
    ('game-calls', 'elk-calls', 'Elk', 1),
    ('game-calls', 'turkey-calls', 'Turkey', 2),
    ('game-calls', 'deer-calls', 'Deer', 3),
    ('hunt-strategy', 'wind-and-thermals', 'Wind and thermals', 1),
    ('stealth-scouting', 'trail-cameras', 'Trail cameras', 1),
    ('tracking-recovery', 'blood-trailing', 'Blood trailing', 1),
    ('gear-marksmanship', 'sighting-in', 'Sighting in', 1)
  ) AS child (parent, slug, name, place)
  JOIN content.topics AS parent ON parent.slug = child.parent
ON CONFLICT DO NOTHING;

INSERT INTO progress.lessons (topic_id, place, title)
SELECT topic.id, lesson.place, lesson.title
  FROM (VALUES
    ('elk-calls', 1, 'The cow mew'),
    ('elk-calls', 2, 'The bugle'),
    ('turkey-calls', 1, 'The yelp'),
    ('deer-calls', 1, 'The grunt'),
    ('wind-and-thermals', 1, 'Where scent goes in the morning and in the evening'),
    ('trail-cameras', 1, 'Where to put a camera'),
    ('blood-trailing', 1, 'How long to wait after the shot'),
    ('sighting-in', 1, 'Groups before clicks')
  ) AS lesson (topic, place, title)
  JOIN content.topics AS topic ON topic.slug = lesson.topic
ON CONFLICT DO NOTHING;

INSERT INTO progress.badges (slug, name, description, criteria) VALUES
  ('first-call', 'First call', 'Passed the first lesson of game calls', '{"lessons": 1, "topic": "game-calls"}'),
  ('all-calls', 'All the calls', 'Passed every lesson of game calls', '{"lessons": "all", "topic": "game-calls"}'),
  ('steady-hand', 'Steady hand', 'Shot five groups within one minute of angle', '{"groups": 5, "minuteOfAngle": 1}')
ON CONFLICT DO NOTHING;

INSERT INTO game_calls.calls (species, name, description) VALUES
  ('elk', 'cow mew', 'Soft and short: all is well here'),
  ('elk', 'bugle', 'Rising whistle, then grunts: a bull says whose place this is'),
  ('turkey', 'yelp', 'Two notes, high then low, in a row of three to seven'),
  ('deer', 'grunt', 'Low and short: a buck that follows a doe')
ON CONFLICT DO NOTHING;
