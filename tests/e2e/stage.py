"""AWS, played on this machine by MiniStack, with the template that ships deployed into it.

Takes commands as lines of JSON, answers each with a line of JSON, and ends, MiniStack with it, when
its input ends. Knows nothing of what the functions do. What MiniStack lacks is worked around here,
never in the template; README.md says what is therefore not proven. Start at `Stage` and its `do_*`.

usage: stage.py FOLDER      MiniStack's log and scratch go there; AWS_ENDPOINT_URL_* of this
                            process reach the functions, so that a fault can be put in between
"""

import ctypes
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import traceback
import urllib.request
import zipfile
from concurrent.futures import ThreadPoolExecutor

import boto3
import yaml

REGION = "us-east-1"
PATIENCE_S = 60
ARTIFACTS = "artifacts-of-the-deployment"
STACK = "why"


class Stage:
    """One MiniStack."""

    def __init__(self, folder):
        self.folder = folder
        scratch = folder / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        handed_on = {
            name: value for name, value in os.environ.items() if name.startswith("AWS_ENDPOINT_URL_")
        }
        with open(folder / "ministack.log", "wb") as log:
            self.process = subprocess.Popen(
                [pathlib.Path(sys.executable).with_name("ministack")],
                # Each function gets all of it.
                env=handed_on
                | {
                    "PATH": "/usr/bin:/bin",
                    "HOME": str(scratch),
                    "TMPDIR": str(scratch),
                    "BIND_HOST": "127.0.0.1",
                    "GATEWAY_PORT": str(self.port),
                    "AWS_ENDPOINT_URL": self.url,
                    "LAMBDA_EXECUTOR": "local",
                    # No link-local address answers here, and nothing speaks TLS.
                    "AWS_EC2_METADATA_DISABLED": "true",
                    "AWS_ALLOW_HTTP": "true",
                },
                cwd=scratch,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=end_with_parent,
            )
        self.wait_until_ready()
        self.session = boto3.Session(
            aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION
        )
        self.clients = {}
        self.packaged = set()
        self.client("s3").create_bucket(Bucket=ARTIFACTS)

    def client(self, service):
        if service not in self.clients:
            self.clients[service] = self.session.client(service, endpoint_url=self.url)
        return self.clients[service]

    def wait_until_ready(self):
        end = time.monotonic() + PATIENCE_S
        while True:
            if self.process.poll() is not None:
                raise RuntimeError(f"MiniStack ended: see {self.folder}/ministack.log")
            try:
                with urllib.request.urlopen(f"{self.url}/_ministack/ready", timeout=1):
                    return
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def do_port(self):
        """Where MiniStack listens."""
        return self.port

    def do_zip(self, name, files):
        """A function's zip from names and files; where it is."""
        to = self.folder / f"{name}.zip"
        zip_up(to, files)
        return str(to)

    def do_deploy(self, template, zips, parameters):
        """As `sam deploy` does it: zips to S3, a change set, and its end. The stack's outputs."""
        template = read(template)
        leave_out_what_is_lacking(template)
        write_numbers_as_numbers(template, parameters)
        # An issuer on this machine has no certificate.
        template["Parameters"]["OidcIssuer"].pop("AllowedPattern", None)
        self.package(template, zips)
        cloudformation = self.client("cloudformation")
        exists = self.stack() is not None
        change_set = f"change-{time.time_ns()}"
        cloudformation.create_change_set(
            StackName=STACK,
            ChangeSetName=change_set,
            ChangeSetType="UPDATE" if exists else "CREATE",
            TemplateURL=self.put("template.json", json.dumps(template).encode()),
            Parameters=[
                {"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()
            ],
            Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
        )
        described = self.wait(
            lambda: cloudformation.describe_change_set(StackName=STACK, ChangeSetName=change_set),
            {"CREATE_COMPLETE", "FAILED"},
        )
        if described["Status"] == "CREATE_COMPLETE":
            cloudformation.execute_change_set(StackName=STACK, ChangeSetName=change_set)
            self.wait(self.stack, {"UPDATE_COMPLETE" if exists else "CREATE_COMPLETE"})
        elif "didn't contain changes" not in described.get("StatusReason", ""):
            raise RuntimeError(f"no change set: {described.get('StatusReason')}")
        return {o["OutputKey"]: o["OutputValue"] for o in self.stack().get("Outputs", [])}

    def stack(self):
        try:
            stack = self.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        except self.client("cloudformation").exceptions.ClientError:
            return None
        # Between a change set and its execution.
        return None if stack["StackStatus"] == "REVIEW_IN_PROGRESS" else stack

    def wait(self, look, wanted):
        end = time.monotonic() + PATIENCE_S
        while True:
            seen = look() or {}
            status = seen.get("StackStatus") or seen.get("Status")
            if status in wanted:
                return seen
            if time.monotonic() > end or (status or "").endswith(("FAILED", "ROLLBACK_COMPLETE")):
                raise RuntimeError(f"the stack is {status}: {self.reasons()}")
            time.sleep(0.1)

    def reasons(self):
        log = (self.folder / "ministack.log").read_text(errors="replace")
        return "; ".join(line for line in log.splitlines() if "ERROR [cloudformation]" in line)

    def package(self, template, zips):
        """Puts into S3 what the template names as files, and names them so."""
        for name, resource in template["Resources"].items():
            if resource["Type"] != "AWS::Serverless::Function":
                continue
            code = resource["Properties"]["CodeUri"]
            file = zips.get(pathlib.Path(code).stem)
            if file is None:
                raise RuntimeError(f"{name}: {code} is none of {', '.join(zips)}")
            key = pathlib.Path(file).name
            if key not in self.packaged:
                self.put(key, pathlib.Path(file).read_bytes())
                self.packaged.add(key)
            resource["Properties"]["CodeUri"] = {"Bucket": ARTIFACTS, "Key": key}

    def put(self, key, body):
        self.client("s3").put_object(Bucket=ARTIFACTS, Key=key, Body=body)
        return f"{self.url}/{ARTIFACTS}/{key}"

    def do_resource(self, name):
        """The physical id of what the template calls so."""
        found = self.client("cloudformation").describe_stack_resource(
            StackName=STACK, LogicalResourceId=name
        )
        return found["StackResourceDetail"]["PhysicalResourceId"]

    def do_upload(self, folder, bucket, prefix):
        """All files of a folder; how many."""
        folder = pathlib.Path(folder)
        s3 = self.client("s3")
        files = [file for file in folder.rglob("*") if file.is_file()]

        def upload(file):
            key = f"{prefix}/{file.relative_to(folder).as_posix()}"
            s3.put_object(Bucket=bucket, Key=key, Body=file.read_bytes())

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(upload, files))
        return len(files)

    def do_aws(self, service, operation, arguments):
        """Any call of AWS, as its Python SDK has it."""
        answer = getattr(self.client(service), operation)(**arguments)
        answer.pop("ResponseMetadata", None)
        for name, value in answer.items():
            if hasattr(value, "read"):
                answer[name] = value.read().decode()
        return answer

    def do_processes(self, function):
        """The processes in which this function lives now."""
        wanted = f"AWS_LAMBDA_FUNCTION_NAME={function}".encode()
        found = []
        for process in pathlib.Path("/proc").iterdir():
            try:
                parent = int((process / "stat").read_text().rsplit(")", 1)[1].split()[1])
                mine = parent == self.process.pid
                if mine and wanted in (process / "environ").read_bytes().split(b"\0"):
                    found.append(int(process.name))
            except (OSError, ValueError, IndexError):
                continue
        return found

    def do_kill(self, function):
        """Kills them; how many there were."""
        found = self.do_processes(function)
        for process in found:
            os.kill(process, signal.SIGKILL)
        return len(found)


def leave_out_what_is_lacking(template):
    """What MiniStack refuses to make, and what names it."""
    dashboard = template["Resources"]["Dashboard"]["Properties"]["DashboardBody"]
    for name, resource in list(template["Resources"].items()):
        # "metric math is not supported"
        if resource["Type"] == "AWS::CloudWatch::Alarm" and "Metrics" in resource["Properties"]:
            del template["Resources"][name]
            text, own = dashboard["Fn::Sub"]
            dashboard["Fn::Sub"] = [text.replace("${%s.Arn}" % name, name), own]


def write_numbers_as_numbers(template, parameters):
    """A parameter is text to MiniStack, whatever its type, and it compares these with numbers."""

    def number(value):
        if isinstance(value, dict):
            name = value.get("Ref")
            parameter = template["Parameters"].get(name)
            if parameter and parameter["Type"] == "Number":
                return int(parameters.get(name, parameter["Default"]))
            return {key: number(below) for key, below in value.items()}
        return value

    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::EventSourceMapping":
            resource["Properties"] = number(resource["Properties"])


def read(file):
    """A template, its short forms written out."""

    class Loader(yaml.SafeLoader):
        pass

    def long_form(loader, tag, node):
        if isinstance(node, yaml.ScalarNode):
            value = loader.construct_scalar(node)
        elif isinstance(node, yaml.SequenceNode):
            value = loader.construct_sequence(node, deep=True)
        else:
            value = loader.construct_mapping(node, deep=True)
        if tag == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {tag if tag in ("Ref", "Condition") else f"Fn::{tag}": value}

    Loader.add_multi_constructor("!", long_form)
    # A date in a template is text.
    Loader.add_constructor("tag:yaml.org,2002:timestamp", Loader.construct_yaml_str)
    with open(file, encoding="utf-8") as text:
        return yaml.load(text, Loader)


def zip_up(to, files):
    """Stored, not squeezed: it does not travel. Binaries of a debug build lose their symbols."""
    with zipfile.ZipFile(to, "w") as archive:
        for name, file in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o755 << 16
            if name == "bootstrap":
                stripped = pathlib.Path(to).with_suffix(".stripped")
                subprocess.run(["strip", "-o", stripped, file], check=True)
                archive.writestr(entry, stripped.read_bytes())
                stripped.unlink()
            else:
                archive.writestr(entry, pathlib.Path(file).read_bytes())


def end_with_parent():
    """Linux's PR_SET_PDEATHSIG: however this ends, nothing is left behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    stage = Stage(folder)
    try:
        for line in sys.stdin:
            command = json.loads(line)
            try:
                done = getattr(stage, f"do_{command.pop('do')}")(**command)
                answer({"done": done})
            except Exception as error:
                traceback.print_exc()
                answer({"failed": f"{type(error).__name__}: {error}"})
    finally:
        stage.end()


def answer(line):
    print(json.dumps(line, default=str), flush=True)


if __name__ == "__main__":
    main()
