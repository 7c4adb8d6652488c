"""Answers requests of the load balancer: which environment this is, and what is running in it."""

import json
import os
import time

STARTED = time.time()


def handler(event, context):
    """https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html"""
    if event.get("httpMethod") not in ("GET", "HEAD"):
        return answer(405, "Method Not Allowed", {"error": "only GET and HEAD"}, allow="GET, HEAD")
    return answer(200, "OK", {
        "environment": os.environ["ENVIRONMENT"],
        "region": os.environ["AWS_REGION"],
        "function": context.function_name,
        "version": context.function_version,
        "seconds": round(time.time() - STARTED),
    })


def answer(code, reason, body, **headers):
    return {
        "statusCode": code,
        "statusDescription": f"{code} {reason}",
        "isBase64Encoded": False,
        "headers": {"content-type": "application/json", "cache-control": "no-store", **headers},
        "body": json.dumps(body),
    }
