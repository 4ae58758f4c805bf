"""AWS for one test or one run of them: serves on a free port, prints it, ends with its input.

usage: serve.py BUCKET
"""

import sys
import threading

import boto3
from moto.dynamodb.responses import DynamoHandler
from moto.server import ThreadedMotoServer

# DynamoDB compares and writes in one step; moto does so only while nobody else asks.
one_at_a_time = threading.Lock()
call_action = DynamoHandler.call_action


def alone(self):
    with one_at_a_time:
        return call_action(self)


DynamoHandler.call_action = alone

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
_, port = server.get_host_and_port()
boto3.client(
    "s3",
    endpoint_url=f"http://127.0.0.1:{port}",
    region_name="us-east-1",
    aws_access_key_id="test",
    aws_secret_access_key="test",
).create_bucket(Bucket=sys.argv[1])
print(port, flush=True)
sys.stdin.read()
server.stop()
