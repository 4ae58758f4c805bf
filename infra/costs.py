"""What a month costs, by service: prints the table of infra/README.md.

costs.py          prints it
costs.py --check  fails where the README holds another

Prices are list prices of us-east-1 in USD, without free tiers. On 29 November 2026 they were compared
with what others had published of AWS's price pages, not with those pages themselves: Lambda, API
Gateway and DynamoDB as of 2025, SQS, logs, metrics and dashboards as of 2026, Secrets Manager and
Athena without a date. Alarms, X-Ray and S3's requests are AWS's known prices, compared with nothing
recent. What a question uses is what the code does for a usual one: one query
of Athena, one answer, one button or modal for every second question.
"""

import sys
from pathlib import Path

PRICES = {
    "http_api_request": 1.00e-6,
    "lambda_request": 0.20e-6,
    "lambda_gb_second_arm64": 13.3334e-6,
    "sqs_request": 0.40e-6,
    "dynamodb_write": 0.625e-6,  # of up to 1 kB
    "dynamodb_read": 0.125e-6,  # of up to 4 kB
    "athena_byte": 5.0e-12,
    "s3_list_or_put": 5.0e-6,
    "s3_get": 0.40e-6,
    "logs_byte": 0.50e-9,
    "xray_trace": 5.0e-6,
    "metric_month": 0.30,  # by the hour, and only those with data
    "alarm_month": 0.10,
    "dashboard_month": 3.00,
    "secret_month": 0.40,
}

# One question. Each number is a factor of the formula in the README.
QUESTION = {
    "requests": 1.5,  # to the API: the question, and every second time a button or modal
    "ingress_gb_seconds": 0.25 * 0.025,  # 256 MB, 25 ms: one SendMessage
    "worker_gb_seconds": 1.0 * 2.0,  # 1,024 MB, 2 s: one query of Athena, three calls of Slack
    "sqs_requests": 3.0,  # sent, received, deleted
    "ledger_writes": 6.0,  # begun, posted, done, remembered, thread, audit
    "ledger_reads": 1.0,
    "athena_bytes": 10e6,  # the least that Athena charges for
    "s3_lists_and_puts": 3.0,  # one listing, two files of the result
    "s3_gets": 10.0,
    "log_bytes": 4_000.0,
    "traced": 0.05,  # X-Ray's default beyond one a second
}

METRICS = 20 + 10  # the names, and QuestionsFailed by some ten codes
# An alarm costs for each metric that it watches. The pipeline's is there for those who ask for it.
ALARMS = (Path(__file__).parent / "template.yaml").read_text(encoding="utf-8").count(" MetricName: ") - 1
HOURS = 730
# Lambda's poller: five long polls of 20 seconds at a time for each of two queues.
IDLE_POLLS = 2 * 5 * 3 * 60 * HOURS


def month(questions):
    """Service -> USD."""
    price, each = PRICES, QUESTION
    # A metric costs for the hours in which it has data; questions come one an hour at worst.
    share = min(1.0, questions / HOURS)
    jobs = questions * each["requests"]
    return {
        "HTTP API": jobs * price["http_api_request"],
        "Lambda": (jobs + questions) * price["lambda_request"]
        + jobs * each["ingress_gb_seconds"] * price["lambda_gb_second_arm64"]
        + questions * each["worker_gb_seconds"] * price["lambda_gb_second_arm64"],
        "SQS": (questions * each["sqs_requests"] + IDLE_POLLS) * price["sqs_request"],
        "DynamoDB": questions * each["ledger_writes"] * price["dynamodb_write"]
        + questions * each["ledger_reads"] * price["dynamodb_read"],
        "Athena": questions * each["athena_bytes"] * price["athena_byte"],
        "S3": questions * each["s3_lists_and_puts"] * price["s3_list_or_put"]
        + questions * each["s3_gets"] * price["s3_get"],
        "Logs and traces": questions * each["log_bytes"] * price["logs_byte"]
        + jobs * each["traced"] * price["xray_trace"],
        "Metrics": METRICS * share * price["metric_month"],
        "Alarms, dashboard, secret": ALARMS * price["alarm_month"]
        + price["dashboard_month"]
        + price["secret_month"],
    }


def table():
    volumes = [100, 10_000, 1_000_000]
    months = [month(volume) for volume in volumes]
    lines = [
        "| USD a month | " + " | ".join(f"{volume:,} questions" for volume in volumes) + " |",
        "|---|" + "---:|" * len(volumes),
    ]
    for service in months[0]:
        lines.append(f"| {service} | " + " | ".join(f"{of[service]:.2f}" for of in months) + " |")
    sums = [sum(of.values()) for of in months]
    lines.append("| **in all** | " + " | ".join(f"**{of:.2f}**" for of in sums) + " |")
    lines.append(
        "| a question | "
        + " | ".join(f"{of / volume:.5f}" for of, volume in zip(sums, volumes))
        + " |"
    )
    return "\n".join(lines)


def main():
    if "--check" not in sys.argv[1:]:
        print(table())
        return 0
    if table() in (Path(__file__).parent / "README.md").read_text(encoding="utf-8"):
        return 0
    print("infra/README.md holds another table than `python3 infra/costs.py` prints.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
