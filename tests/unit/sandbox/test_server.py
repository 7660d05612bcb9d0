"""The emulator's server: life cycle, keep-alive, many clients at once."""

import http.client
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest

from sandbox.server import PortInUseError, Server


def _s3(server: Server) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=server.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


def test_a_started_server_answers_and_a_stopped_one_leaves_nothing_behind() -> None:
    threads, environment = set(threading.enumerate()), dict(os.environ)
    server = Server()
    server.start()
    _s3(server).create_bucket(Bucket="first")
    server.stop()
    server.stop()

    assert set(threading.enumerate()) == threads
    assert dict(os.environ) == environment
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", server.port)) != 0


def test_each_start_is_an_empty_aws() -> None:
    with Server() as first:
        _s3(first).create_bucket(Bucket="first")
    with Server() as second:
        assert _s3(second).list_buckets()["Buckets"] == []


def test_busy_port_is_named_with_a_fix() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortInUseError, match=rf"port {port} .*--port N"):
            Server(port).start()
    with Server(port) as server:
        assert server.port == port


def test_a_second_server_in_one_process_is_refused() -> None:
    with Server(), pytest.raises(RuntimeError, match="already runs a sandbox"):
        Server().start()


def test_a_connection_is_kept_for_the_next_request() -> None:
    with Server() as server:
        client = http.client.HTTPConnection("127.0.0.1", server.port)
        client.request("GET", "/moto-api/data.json")
        client.getresponse().read()
        first = client.sock
        client.request("POST", "/no-such-bucket/key", body=b"a body that nobody reads")
        assert client.getresponse().read()
        assert first is not None
        assert client.sock is first
        client.close()


def test_five_hundred_clients_at_once_are_all_answered() -> None:
    with Server() as server:
        _s3(server).create_bucket(Bucket="bucket")
        barrier = threading.Barrier(500)

        def put(number: int) -> int:
            client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
            barrier.wait(60)
            client.request("PUT", f"/bucket/{number}", body=b"x")
            status = client.getresponse().status
            client.close()
            return status

        with ThreadPoolExecutor(500) as pool:
            assert list(pool.map(put, range(500))) == [200] * 500


def test_client_that_expects_100_continue_gets_it() -> None:
    with Server() as server, socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        _s3(server).create_bucket(Bucket="first")
        headers = ("Host: 127.0.0.1", "Content-Length: 4", "Expect: 100-continue")
        connection.sendall("\r\n".join(["PUT /first/key HTTP/1.1", *headers, "", ""]).encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 100 Continue")
        connection.sendall(b"body")
        assert connection.recv(1024).startswith(b"HTTP/1.1 200")
