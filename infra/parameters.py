"""Whether NAME=VALUE are what the template takes; prints the value of every parameter.

parameters.py TEMPLATE DEPLOYED REHEARSAL NAME=VALUE...
parameters.py --check    proves that it tells right from wrong

DEPLOYED holds a NAME=VALUE for each parameter of the stack that is there, separated by white space:
CloudFormation keeps them where nothing new is said. REHEARSAL is empty, but for tests. Knows the
form in which the template writes its parameters, one key a line or folded, and not the whole of YAML.
"""

import re
import sys

# All other numbers are counts.
FRACTIONS = {"CostPerDayUsd"}
FOR_TESTS = {"SlackApiUrl", "AthenaEndpointUrl"}


def declared(template):
    """Name -> what the template says of the parameter."""
    section = re.search(r"^Parameters:\n((?:(?:  .*)?\n)*)", template, re.MULTILINE).group(1)
    found = {}
    for line in section.splitlines():
        if parameter := re.fullmatch(r"  (\w+):", line):
            found[parameter.group(1)] = {}
        elif key := re.fullmatch(r"    (\w+): (.+)", line):
            of, name = found[list(found)[-1]], key.group(1)
            of[name] = "" if key.group(2) == ">-" else key.group(2)
        elif line.startswith("      "):
            of[name] = f"{of[name]} {line.strip()}".lstrip()
    return {name: {key: read(key, text) for key, text in of.items()} for name, of in found.items()}


def read(key, text):
    """What one key says: texts without their quotes."""
    if key == "AllowedValues":
        return [item.strip().strip('"') for item in text.strip("[]").split(",")]
    if key in ("MinValue", "MaxValue"):
        return float(text)
    return text.strip('"')


def wrong(name, value, of):
    """What is wrong with this value; nothing if it is right."""
    if allowed := of.get("AllowedValues"):
        return None if value in allowed else f"it is one of {', '.join(allowed)}"
    if of["Type"] == "Number":
        form = r"\d+(\.\d+)?" if name in FRACTIONS else r"\d+"
        if not re.fullmatch(form, value, re.ASCII):
            return "it is a number" if name in FRACTIONS else "it is a whole number"
        if float(value) < of.get("MinValue", 0):
            return f"it is at least {of['MinValue']:.0f}"
        if float(value) > of.get("MaxValue", float("inf")):
            return f"it is at most {of['MaxValue']:.0f}"
    if (pattern := of.get("AllowedPattern")) and not re.fullmatch(pattern, value, re.ASCII):
        return f"it does not fit {pattern}: {of.get('Description', '')}".rstrip(": ")
    return None


def check(parameters, given, rehearsal):
    """Name -> value, and what is wrong, one sentence each."""
    values, troubles = {}, []
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            troubles.append(f'PARAMETERS hold "{text}": write Name=Value, with spaces between.')
        elif name not in parameters:
            troubles.append(f"The template has no parameter {name}: infra/README.md lists them.")
        elif name == "Architecture":
            troubles.append("PARAMETERS say Architecture: ARCH=… says it, for the zips too.")
        elif name in values:
            troubles.append(f"PARAMETERS say {name} twice: leave one out.")
        elif name in FOR_TESTS and not rehearsal:
            troubles.append(f"{name} is for tests: leave it out, or set REHEARSAL=1 if this is one.")
        elif trouble := wrong(name, value, parameters[name]):
            troubles.append(f"{name}={value}: {trouble.rstrip('.')}.")
        else:
            values[name] = value
    return values, troubles


def effective(parameters, deployed, given):
    """Name -> value after this deployment."""
    defaults = {name: of.get("Default", "") for name, of in parameters.items()}
    kept = dict(pair.split("=", 1) for pair in deployed.split() if "=" in pair)
    return {name: given.get(name, kept.get(name, value)) for name, value in defaults.items()}


def prove():
    """The template as it is, and each way to be wrong."""
    with open("infra/template.yaml", encoding="utf-8") as file:
        parameters = declared(file.read())
    assert parameters["Engine"]["AllowedValues"] == ["athena", "direct", "auto"]
    assert parameters["WorkerConcurrency"]["MaxValue"] == 1000
    for name, of in parameters.items():
        assert of["Type"] in ("String", "Number") and "Default" in of, name
        assert wrong(name, of["Default"], of) is None, name
    for right in ["WorkerConcurrency=2", "Engine=direct", "AlarmEmail=a@b.example", "AlarmEmail=",
                  "LogDays=365", "TriageChannel=C0123456789", "CostPerDayUsd=0.5", "ThrottleRate=1",
                  "PipelineSchedule=*", "PipelineSchedule=0/4", "PipelineBucket=acme-decisions",
                  "PipelineDecisions=a/b"]:
        values, troubles = check(parameters, [right], False)
        assert not troubles and "=".join(*values.items()) == right, (right, troubles)
    for one, said in [
        ("WorkerConcurrency=1", "at least 2"),
        ("WorkerConcurrency=1001", "at most 1000"),
        ("WorkerConcurrency=abc", "whole number"),
        ("WorkerConcurrency=2.5", "whole number"),
        ("WorkerConcurrency=-3", "whole number"),
        ("CostPerDayUsd=five", "a number"),
        ("Engine=fast", "one of athena, direct, auto"),
        ("LogDays=31", "one of 1, 3, 5"),
        ("AlarmEmail=foo", "Gets the alarms"),
        ("TriageChannel=#triage", "Id of the Slack channel"),
        ("KmsKeyArn=alias/key", "does not fit"),
        ("PipelineSchedule=cron(0", "The hours (UTC)"),
        ("PipelineBucket=s3://acme-decisions", "The bucket in which"),
        ("PipelineDecisions=/decisions/", "without slashes around it"),
        ("Engine", "write Name=Value"),
        ("Engin=auto", "no parameter Engin"),
        ("Architecture=arm64", "ARCH=…"),
        ("SlackApiUrl=http://x", "for tests"),
    ]:
        values, troubles = check(parameters, [one], False)
        assert not values and len(troubles) == 1 and said in troubles[0], (one, troubles)
    assert "twice" in check(parameters, ["LogDays=1", "LogDays=3"], False)[1][0]
    assert check(parameters, ["SlackApiUrl=http://x"], True)[1] == []
    after = effective(parameters, "LogDays=7 ApiMemory=256 Gone=1", {"ApiMemory": "300"})
    assert (after["LogDays"], after["ApiMemory"], after["WorkerMemory"]) == ("7", "300", "1024")
    assert "Gone" not in after


def main():
    if sys.argv[1:] == ["--check"]:
        prove()
        return 0
    template, deployed, rehearsal, *given = sys.argv[1:]
    with open(template, encoding="utf-8") as file:
        parameters = declared(file.read())
    values, troubles = check(parameters, given, rehearsal)
    for trouble in troubles:
        print(trouble, file=sys.stderr)
    for name, value in effective(parameters, deployed, values).items():
        print(f"{name}={value}")
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main())
