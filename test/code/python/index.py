from words.greeting import greet


def handler(event, context):
    return {"text": greet(event["name"])}
