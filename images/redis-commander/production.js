"use strict";
// Redis Commander's own settings, on top of its defaults. It reads them once at its start, so the passwords go from the
// secret files to its memory and through no environment, argument or file in between.
const { readFileSync } = require("node:fs");

const secret = (name) => readFileSync(`/run/secrets/${name}`, "utf8").trim();

const connection = (label, dbIndex) => ({
  label,
  dbIndex,
  host: process.env.REDIS_HOST,
  port: Number(process.env.REDIS_PORT),
  username: process.env.REDIS_USERNAME,
  password: secret("redis-password"),
  tls: { ca: secret("ca.crt"), servername: process.env.REDIS_HOST },
});

module.exports = {
  // The root file system is read-only.
  noSave: true,
  // Values in the cache are people's data; they stay out of the log.
  noLogData: true,
  server: { httpAuth: { username: process.env.HTTP_USER, password: secret("http-password") } },
  connections: [connection("cache", 0), connection("queues", 1)],
};
