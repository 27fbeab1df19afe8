-- People to try things with. All log in with: practice-makes-hunters
INSERT INTO auth.users (email, password_hash, birth_date, role, email_verified_at)
SELECT person.email, '$argon2id$v=19$m=19456,t=2,p=1$zWQNvm+Xihbbh+iptVlMCw$ti3elzGPDDcA2od4SQUNWbqSIfOQazdDKr3Bi5eFu1I',
       person.birth_date::date, person.role, now()
  FROM (VALUES
    ('hunter@example.test', '1990-05-04', 'user'),
    ('guide@example.test', '1978-10-21', 'user'),
    ('admin@example.test', '1985-01-30', 'admin')
  ) AS person (email, birth_date, role)
ON CONFLICT DO NOTHING;

INSERT INTO users.profiles (user_id, display_name, experience)
SELECT u.id, profile.display_name, profile.experience
  FROM (VALUES
    ('hunter@example.test', 'Test hunter', 'beginner'),
    ('guide@example.test', 'Test guide', 'expert'),
    ('admin@example.test', 'Test admin', 'intermediate')
  ) AS profile (email, display_name, experience)
  JOIN auth.users AS u ON u.email OPERATOR(extensions.=) profile.email::extensions.citext
ON CONFLICT DO NOTHING;
