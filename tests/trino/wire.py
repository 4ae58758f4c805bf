"""Athena's protocol as the bridge speaks it, tried on the Trino behind it: what `run.py` asks first.

The program's own questions are all well-formed and small; this is what they leave out. Start at `tried`.
"""

import json
import time
import urllib.error
import urllib.request

ROWS = 2_500
LONG = "SELECT count(*) FROM UNNEST(sequence(1, 10000)) a(x), UNNEST(sequence(1, 10000)) b(y), UNNEST(sequence(1, 1000)) c(z)"


def call(url, operation, **body):
    """The answer of one operation; of a refusal its body."""
    headers = {"X-Amz-Target": f"AmazonAthena.{operation}", "Content-Type": "application/x-amz-json-1.1"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return json.loads(refused.read())


def start(url, sql, token=None):
    more = {"ClientRequestToken": token.ljust(32, "-")} if token else {}
    return call(url, "StartQueryExecution", QueryString=sql, QueryExecutionContext={"Catalog": "AwsDataCatalog"}, **more)


def execution(url, query_id):
    return call(url, "GetQueryExecution", QueryExecutionId=query_id)["QueryExecution"]


def ended(url, query_id):
    while True:
        found = execution(url, query_id)
        if found["Status"]["State"] not in ("QUEUED", "RUNNING"):
            return found
        time.sleep(0.2)


def pages(url, query_id):
    more = {}
    while True:
        page = call(url, "GetQueryResults", QueryExecutionId=query_id, **more)
        yield [[datum.get("VarCharValue") for datum in row["Data"]] for row in page["ResultSet"]["Rows"]]
        if "NextToken" not in page:
            return
        more = {"NextToken": page["NextToken"]}


def tried(url):
    """What is not as Athena has it, a sentence each."""
    wrong = []

    def meant(what, is_so):
        if not is_so:
            wrong.append(f"the bridge: {what}")

    malformed = start(url, "SELECT FROM WHERE")
    meant("a statement that can't be parsed is refused at the start", malformed.get("AthenaErrorCode") == "MALFORMED_QUERY")
    failed = ended(url, start(url, "SELECT * FROM nowhere.nothing")["QueryExecutionId"])
    error = failed["Status"].get("AthenaError", {})
    meant("another error ends in FAILED, the query's own fault", (failed["Status"]["State"], error.get("ErrorCategory")) == ("FAILED", 2))
    many = f"SELECT x, nullif(x, 7) AS y FROM UNNEST(sequence(1, {ROWS})) t(x) ORDER BY x"
    first, again = start(url, many, "one"), start(url, many, "one")
    meant("a token repeats its query", first == again)
    other = start(url, "SELECT 1", "one")
    meant("a token is not taken for another query", other.get("__type") == "InvalidRequestException")
    done = ended(url, first["QueryExecutionId"])
    figures = done["Statistics"]
    meant("times come from Trino", 0 < figures["QueryPlanningTimeInMillis"] <= figures["EngineExecutionTimeInMillis"])
    read = list(pages(url, first["QueryExecutionId"]))
    meant("pages have 1,000 rows", [len(page) for page in read] == [1_000, 1_000, ROWS + 1 - 2_000])
    rows = [row for page in read for row in page]
    meant("the first row is the header", rows[0] == ["x", "y"])
    meant("NULL is no value", rows[7] == ["7", None] and rows[8] == ["8", "8"])
    endless = start(url, LONG)["QueryExecutionId"]
    meant("a long query is under way", execution(url, endless)["Status"]["State"] in ("QUEUED", "RUNNING"))
    call(url, "StopQueryExecution", QueryExecutionId=endless)
    meant("a stopped query is cancelled", ended(url, endless)["Status"]["State"] == "CANCELLED")
    return wrong
