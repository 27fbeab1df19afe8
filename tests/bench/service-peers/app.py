"""What `make bench` measures the services against: the same work on what the alpha used, in one process.

It reads the settings and secrets of the services, and sends the same statements to the same stores.
"""

import asyncio
import hashlib
import hmac
import json
import os
import ssl
import time
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Annotated, Any
from urllib.request import urlopen
from uuid import uuid4

import asyncpg
import jwt
import numpy
import onnxruntime
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from pydantic import BaseModel, Field
from redis.asyncio import Redis

setting = os.environ


def secret(name: str) -> str:
    return (Path(setting["SECRETS_DIR"]) / name).read_text().strip()


tls = ssl.create_default_context(cadata=secret("ca.crt"))
identity_key = secret("identity-key").encode()
card = json.loads((Path(setting["MODEL"]) / "card.json").read_text())


def sign(message: str) -> str:
    return hmac.new(identity_key, message.encode(), hashlib.sha256).hexdigest()


def expiry() -> int:
    return int(time.time()) + 60


class Stores:
    """Connections as the services have them: ten to Postgres at most, one to Redis for each request at a time."""

    async def open(self) -> None:
        async def leave_as_it_is(_: asyncpg.Connection) -> None:
            """The services send nothing when a connection goes back to the pool."""

        self.database = await asyncpg.create_pool(
            host=setting["DATABASE_HOST"],
            port=int(setting["DATABASE_PORT"]),
            database=setting["DATABASE_NAME"],
            user=setting["DATABASE_USER"],
            password=secret("database-password"),
            ssl=tls,
            min_size=10,
            max_size=10,
            command_timeout=6,
            reset=leave_as_it_is,
            server_settings={"application_name": "peer", "statement_timeout": "5000"},
        )
        self.cache = Redis(
            host=setting["REDIS_HOST"],
            port=int(setting["REDIS_PORT"]),
            username=setting["REDIS_USERNAME"],
            password=secret("redis-password"),
            ssl=True,
            ssl_ca_data=secret("ca.crt"),
            decode_responses=True,
        )
        jwks = await asyncio.to_thread(lambda: json.load(urlopen(setting["ISSUER_URL"] + "/.well-known/jwks.json")))
        self.keys = {key["kid"]: jwt.PyJWK(key) for key in jwks["keys"]}
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.model = onnxruntime.InferenceSession(str(Path(setting["MODEL"]) / "model.onnx"), options)
        self.model_id = str(
            await self.database.fetchval(
                "SELECT id FROM ml_infrastructure.model_registry WHERE name = $1 AND status = 'active'", card["name"]
            )
        )

    async def close(self) -> None:
        await self.database.close()
        await self.cache.aclose()


stores = Stores()
answered: list[dict[str, Any]] = []


async def record() -> None:
    """Writes every second what was answered."""
    while True:
        await asyncio.sleep(1)
        while answered:
            rows = json.dumps(answered[:500])
            del answered[:500]
            expires = expiry()
            digest = hashlib.sha256(rows.encode()).hexdigest()
            signature = sign(f"predictions:{digest}:{expires}")
            await stores.database.fetch("SELECT platform.record_predictions($1, $2, $3)", rows, expires, signature)


@asynccontextmanager
async def lifespan(_: FastAPI):
    await stores.open()
    recorder = asyncio.create_task(record())
    yield
    recorder.cancel()
    with suppress(asyncio.CancelledError):
        await recorder
    await stores.close()


app = FastAPI(lifespan=lifespan)


class Person(BaseModel):
    id: str
    role: str
    expires_at: int


async def authenticate(token: str) -> Person | None:
    try:
        header = jwt.get_unverified_header(token)
        claims = jwt.decode(
            token,
            stores.keys[header["kid"]],
            algorithms=["EdDSA"],
            audience="huntmaster",
            issuer=setting["TOKEN_ISSUER"],
            leeway=5,
            options={"require": ["exp", "sub", "sid"]},
        )
    except (jwt.InvalidTokenError, KeyError):
        return None
    found = await stores.database.fetchrow("SELECT user_id, role FROM platform.session_identity($1)", claims["sid"])
    if header.get("typ") != "at+jwt" or found is None or str(found["user_id"]) != claims["sub"]:
        return None
    return Person(id=claims["sub"], role=found["role"], expires_at=claims["exp"])


async def who_asks(request: Request) -> Person:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    person = await authenticate(token) if scheme.lower() == "bearer" else None
    if person is None:
        raise HTTPException(401, "An access token is needed", {"www-authenticate": "Bearer"})
    return person


Asking = Annotated[Person, Depends(who_asks)]


async def fetch_as(person: Person, request: Request, query: str, *values: Any) -> list[asyncpg.Record]:
    """Asks in a transaction that says who asks."""
    claim = f"{person.id}:{person.role}:{expiry()}"
    identity = f"{claim}:{sign(f'identity:{claim}')}"
    request_id = request.headers.get("x-request-id") or str(uuid4())
    origin = (request_id, request.client.host, request.headers.get("user-agent", "")[:200])
    async with stores.database.acquire() as connection, connection.transaction():
        await connection.fetchrow(
            """SELECT set_config('hma.identity', $1, true), set_config('hma.request_id', $2, true),
                      set_config('hma.client_ip', $3, true), set_config('hma.device', $4, true)""",
            identity,
            *origin,
        )
        return await connection.fetch(query, *values)


class TokenBody(BaseModel):
    token: str = Field(max_length=8192)


class Introspection(BaseModel):
    valid: bool
    sub: str | None = None
    roles: list[str] | None = None
    exp: int | None = None


@app.post("/auth/token", response_model_exclude_none=True)
async def check_token(body: TokenBody) -> Introspection:
    person = await authenticate(body.token)
    if person is None:
        return Introspection(valid=False)
    return Introspection(valid=True, sub=person.id, roles=[person.role], exp=person.expires_at)


class Home(BaseModel):
    latitude: float
    longitude: float


class Profile(BaseModel):
    id: str
    email: str
    role: str
    created_at: datetime
    display_name: str
    experience: str
    home: Home | None
    phone: str | None
    licence_number: str | None
    units: str
    language: str


@app.get("/user/profile")
async def profile(person: Asking, request: Request) -> Profile:
    rows = await fetch_as(
        person,
        request,
        """SELECT u.id::text, u.email, u.role, u.created_at, p.display_name, p.experience,
                  platform.unseal_personal(p.home_sealed)::jsonb AS point,
                  platform.unseal_personal(p.phone_sealed) AS phone,
                  platform.unseal_personal(p.licence_number_sealed) AS licence_number,
                  coalesce(s.units, 'metric') AS units, coalesce(s.language, 'en') AS language
             FROM auth.users AS u
             JOIN users.profiles AS p ON p.user_id = u.id
             LEFT JOIN users.preferences AS s ON s.user_id = u.id
            WHERE u.id = $1""",
        person.id,
    )
    if not rows:
        raise HTTPException(404, "This account has no profile")
    row = dict(rows[0])
    point = row.pop("point")
    place = json.loads(point)["coordinates"] if point else None
    return Profile(home=place and Home(latitude=place[1], longitude=place[0]), **row)


@app.get("/api/manifest")
async def manifest(person: Asking, request: Request, limit: int = 20) -> Response:
    key = f"cache:manifest-of-peer:{limit}"
    body = await stores.cache.get(key)
    if body is None:
        rows = await fetch_as(
            person,
            request,
            """SELECT i.id::text, i.title, i.published_at::text, i.updated_at::text,
                      ARRAY(SELECT t.slug FROM content.content_topics AS c JOIN content.topics AS t ON t.id = c.topic_id
                             WHERE c.content_item_id = i.id ORDER BY t.slug) AS topics,
                      CASE WHEN a.id IS NOT NULL THEN json_build_object(
                        'media_type', a.media_type, 'size_bytes', a.size_bytes, 'sha256', encode(a.sha256, 'hex')
                      ) END AS media
                 FROM content.content_items AS i
                 LEFT JOIN content.assets AS a
                   ON a.id = i.asset_id AND a.owner_id = i.author_id AND a.deleted_at IS NULL
                WHERE i.status = 'published' AND i.deleted_at IS NULL
                ORDER BY i.published_at DESC, i.id DESC LIMIT $1""",
            limit + 1,
        )
        items = [{**row, "media": row["media"] and json.loads(row["media"])} for row in map(dict, rows[:limit])]
        body = json.dumps({"items": items})
        await stores.cache.set(key, body, ex=30)
    etag = f'"{hashlib.sha256(body.encode()).hexdigest()}"'
    headers = {"etag": etag, "cache-control": "private, no-cache", "vary": "authorization"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


class Input(BaseModel):
    features: list[float] = Field(min_length=1, max_length=1024)


class Question(BaseModel):
    model: str
    input: Input


class Prediction(BaseModel):
    id: str
    model: str
    version: str
    label: str
    confidence: float
    probabilities: dict[str, float]
    cached: bool


@app.post("/predict")
async def predict(person: Asking, question: Question) -> Prediction:
    start = time.perf_counter()
    features = numpy.array([question.input.features], dtype=numpy.float32)
    if question.model != card["name"] or features.shape[1] != len(card["features"]):
        raise HTTPException(422, "No such model, or not its features")
    key = f"cache:prediction-of-peer:{hashlib.sha256(features.tobytes()).hexdigest()}"
    known = await stores.cache.get(key)
    if known is None:
        probabilities = stores.model.run(["probabilities"], {"features": features})[0][0].tolist()
        await stores.cache.set(key, json.dumps(probabilities), ex=3600)
    else:
        probabilities = json.loads(known)
    confidence = max(probabilities)
    prediction = Prediction(
        id=str(uuid4()),
        model=card["name"],
        version=card["version"],
        label=card["labels"][probabilities.index(confidence)],
        confidence=confidence,
        probabilities=dict(zip(card["labels"], probabilities)),
        cached=known is not None,
    )
    answered.append(
        {
            "id": prediction.id,
            "user_id": person.id,
            "model_id": stores.model_id,
            "input": {"features": question.input.features},
            "output": {"label": prediction.label, "probabilities": prediction.probabilities},
            "confidence": min(1, confidence),
            "embedding": question.input.features,
            "duration_ms": (time.perf_counter() - start) * 1000,
            "cached": prediction.cached,
            "created_at": datetime.now(timezone.utc).isoformat(),
        }
    )
    return prediction
