// WDSocketAsync.cs - tasks for await: a client that connects, messages, clients of a server,
// datagrams.
//
// Add this file to the project beside the others of the folder. One thread waits for all
// sockets of the program, and none for each: thousands of tasks may wait.
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace WDSocketLibrary
{
    /// <summary>
    /// Methods that give a task instead of waiting, for <c>await</c>.
    /// </summary>
    /// <remarks>
    /// <para>A time is that of a token: <c>new CancellationTokenSource(3000).Token</c>. What is cancelled gives an
    /// <see cref="OperationCanceledException"/> and has done nothing: no part of a message is lost or sent, and the call may
    /// be repeated. Only <see cref="ConnectAsync"/> closes its client, and the request of an exchange may have been sent. <see cref="WDSocket.WDSocketWakeup"/> ends no task: cancel them.</para>
    /// <para>Errors are those of the methods without Async. When the socket is closed, tasks that wait get
    /// <see cref="WDSocket.WDS_E_CLOSED"/>, later ones an <see cref="ObjectDisposedException"/>.</para>
    /// <para>From the first such call on, the library receives by itself what comes for the socket: <c>Read</c>, <c>Accept</c> and
    /// <c>Receive</c> do not wait any more, <c>Exchange</c> and <c>StartEvents</c> are refused, and a write that does not fit
    /// into the send queue (<see cref="WDSocket.WDS_OPT_SEND_QUEUE"/>, 1 MiB unless it is set) gives <see cref="WDSocket.WDS_E_FULL"/>.
    /// Close it when it is no longer needed: the garbage collector does not do so while the connection is open.</para>
    /// </remarks>
    /// <example>
    /// <code>
    /// using (WDSocketClient client = new WDSocketClient())
    /// using (CancellationTokenSource time = new CancellationTokenSource(10000))
    /// {
    ///     await client.ConnectAsync("127.0.0.1", port, time.Token);
    ///     await client.WriteAsync("weight?", time.Token);
    ///     Console.WriteLine(await client.ReadTextAsync(time.Token));
    /// }
    /// </code>
    /// </example>
    public static class WDSocketAsync
    {
        /// <summary>Connects.</summary>
        /// <param name="client">The client.</param>
        /// <param name="address">As of <see cref="WDSocketClient.Connect"/>.</param>
        /// <param name="port">The port, or 0.</param>
        /// <param name="token">Ends it, and closes the client.</param>
        public static async Task ConnectAsync(this WDSocketClient client, string address, int port, CancellationToken token = default(CancellationToken))
        {
            token.ThrowIfCancellationRequested();
            WDSocketTasks tasks = WDSocketTasks.Of(client);
            client.Check(WDSocket.WDSocketOpen(client.Handle, WDSocket.WDS_KIND_CLIENT, port, WDSocketText.Sent(address, "address"), 0));
            try
            {
                await tasks.When((out bool connected) =>
                {
                    int state = client.State;
                    connected = state != WDSocket.WDS_STATE_NEW && state != WDSocket.WDS_STATE_CONNECTING;
                    if (state == WDSocket.WDS_STATE_FAILED)
                        throw WDSocketException.OfEvent(client.Handle, WDSocket.WDSocketErrorCode(client.Handle, WDSocket.WDS_INFO_CODE));
                    return connected;
                }, true, token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                client.Dispose();
                throw;
            }
        }

        /// <summary>Waits for a message and gives it; in raw mode the bytes that have arrived. Several such tasks get one message each, in order.</summary>
        public static Task<byte[]> ReadAsync(this WDSocketConnection connection, CancellationToken token = default(CancellationToken))
        {
            return WDSocketTasks.Begin(connection, (out byte[] message) => connection.TryRead(0, out message), true, token);
        }

        /// <summary>Waits for a message and gives it as a text, by <see cref="WDSocketBase.TextEncoding"/>.</summary>
        public static async Task<string> ReadTextAsync(this WDSocketConnection connection, CancellationToken token = default(CancellationToken))
        {
            byte[] message = await ReadAsync(connection, token).ConfigureAwait(false);
            return connection.TextEncoding.GetString(message);
        }

        /// <summary>Writes a message. While the peer does not read, and the send queue is full, the task waits, without an end unless the token has one.</summary>
        /// <param name="connection">The connection.</param>
        /// <param name="message">The message, which is not to be changed meanwhile.</param>
        /// <param name="token">Ends the wait; nothing of the message is sent then.</param>
        public static Task WriteAsync(this WDSocketConnection connection, byte[] message, CancellationToken token = default(CancellationToken))
        {
            if (message == null) throw new ArgumentNullException("message");
            return WDSocketTasks.Begin(connection, (out bool written) =>
            {
                int result = WDSocket.WDSocketWrite(connection.Handle, message, message.Length);
                written = result != WDSocket.WDS_E_FULL;
                if (written) connection.Check(result);
                return written;
            }, false, token);
        }

        /// <summary>Writes a text as a message, in <see cref="WDSocketBase.TextEncoding"/>.</summary>
        public static Task WriteAsync(this WDSocketConnection connection, string text, CancellationToken token = default(CancellationToken))
        {
            if (text == null) throw new ArgumentNullException("text");
            return WriteAsync(connection, connection.TextEncoding.GetBytes(text), token);
        }

        /// <summary>Writes a request and waits for its answer, as <see cref="WDSocketConnection.Exchange(byte[], int, int)"/> does, in a thread of its own.</summary>
        /// <remarks>Several such tasks come one after the other. An exchange that is cancelled may have sent its request; the answer that
        /// comes too late is not taken for that of the next. <see cref="WDSocket.WDSocketWakeup"/> ends it, too. A task that reads meanwhile gives <see cref="WDSocket.WDS_E_BUSY"/>, as an exchange does while one reads.</remarks>
        /// <param name="connection">The connection.</param>
        /// <param name="request">The request, which is not to be changed meanwhile.</param>
        /// <param name="token">Ends the wait for the answer.</param>
        /// <param name="most">The bytes that the answer may have.</param>
        public static async Task<byte[]> ExchangeAsync(this WDSocketConnection connection, byte[] request, CancellationToken token = default(CancellationToken), int most = 65536)
        {
            if (connection == null) throw new ArgumentNullException("connection");
            if (request == null) throw new ArgumentNullException("request");
            return await WDSocketTasks.Of(connection).Exchange(connection, request, most, token).ConfigureAwait(false);
        }

        /// <summary>Writes a request and gives its answer, texts in <see cref="WDSocketBase.TextEncoding"/>.</summary>
        public static async Task<string> ExchangeAsync(this WDSocketConnection connection, string request, CancellationToken token = default(CancellationToken), int most = 65536)
        {
            if (connection == null) throw new ArgumentNullException("connection");
            if (request == null) throw new ArgumentNullException("request");
            byte[] answer = await ExchangeAsync(connection, connection.TextEncoding.GetBytes(request), token, most).ConfigureAwait(false);
            return connection.TextEncoding.GetString(answer);
        }

        /// <summary>Waits for a client and accepts it.</summary>
        public static Task<WDSocketConnection> AcceptAsync(this WDSocketServer server, CancellationToken token = default(CancellationToken))
        {
            return WDSocketTasks.Begin(server, (out WDSocketConnection client) => (client = server.Accept(0)) != null, true, token);
        }

        /// <summary>Waits for a datagram.</summary>
        public static Task<WDSocketDatagram> ReceiveAsync(this WDSocketUdp udp, CancellationToken token = default(CancellationToken))
        {
            return WDSocketTasks.Begin(udp, (out WDSocketDatagram datagram) => udp.TryReceive(0, out datagram), true, token);
        }
    }

    // WDSocketTasks are the tasks that wait on a socket. Its events do not say what a task gets:
    // at each, those that wait are attempted again, which never waits.
    internal sealed class WDSocketTasks : IDisposable
    {
        // Attempt is false where it would have to wait.
        internal delegate bool Attempt<T>(out T result);

        private abstract class Waiting
        {
            internal bool Done; // it and Registration under the lock
            internal CancellationTokenRegistration Registration;
            internal abstract bool IsDone(); // or throws
            internal abstract void Finish(Exception error);
            internal abstract void Cancel();
        }

        private sealed class Waiting<T> : Waiting
        {
            internal readonly TaskCompletionSource<T> Source = new TaskCompletionSource<T>();
            private readonly Attempt<T> attempt;
            private T result;

            internal Waiting(Attempt<T> attempt) { this.attempt = attempt; }
            internal override bool IsDone() { return attempt(out result); }
            internal override void Cancel() { Source.TrySetCanceled(); }

            internal override void Finish(Exception error)
            {
                if (error != null) Source.TrySetException(error);
                else Source.TrySetResult(result);
            }
        }

        private readonly WDSocketBase socket;
        private readonly int number;
        private readonly object turn = new object();
        private readonly List<Waiting> readers = new List<Waiting>(), writers = new List<Waiting>(); // in their order, under the lock
        private WDSocketException over; // the end of the connection, under the lock
        private readonly SemaphoreSlim exchanges = new SemaphoreSlim(1);
        private bool exchanging; // the socket is not in the queue meanwhile; under the lock

        private WDSocketTasks(WDSocketBase socket)
        {
            this.socket = socket;
            number = socket.Handle;
        }

        // Of makes the tasks of a socket, which is in the queue of all from then on.
        internal static WDSocketTasks Of(WDSocketBase socket)
        {
            return socket.Attached(() =>
            {
                WDSocketConnection connection = socket as WDSocketConnection;
                if (connection != null && connection.IsSimplified)
                    throw new InvalidOperationException("a simplified server has no tasks: use Accept or AcceptAsync of the server");
                if (connection != null && connection.GetOption(WDSocket.WDS_OPT_SEND_QUEUE) == 0) connection.SetOption(WDSocket.WDS_OPT_SEND_QUEUE, 1 << 20);
                WDSocketTasks tasks = new WDSocketTasks(socket);
                Pump.Add(tasks);
                return tasks;
            });
        }

        // Begin gives the task of an attempt, also where it fails at once.
        internal static Task<T> Begin<T>(WDSocketBase socket, Attempt<T> attempt, bool reads, CancellationToken token)
        {
            if (socket == null) throw new ArgumentNullException("socket");
            try
            {
                return Of(socket).When(attempt, reads, token);
            }
            catch (Exception error)
            {
                TaskCompletionSource<T> failed = new TaskCompletionSource<T>();
                failed.SetException(error);
                return failed.Task;
            }
        }

        internal Task<T> When<T>(Attempt<T> attempt, bool reads, CancellationToken token)
        {
            List<Waiting> others = reads ? readers : writers;
            Waiting<T> waiting = new Waiting<T>(attempt);
            if (token.IsCancellationRequested)
            {
                waiting.Cancel();
                return waiting.Source.Task;
            }
            lock (turn)
            {
                T result;
                if (reads && exchanging) throw WDSocketException.OfEvent(number, WDSocket.WDS_E_BUSY);
                if (others.Count == 0 && attempt(out result)) return Task.FromResult(result);
                if (over != null) throw over;
                if (socket.Own.IsClosed) throw new ObjectDisposedException(socket.GetType().Name);
                others.Add(waiting);
            }
            if (!token.CanBeCanceled) return waiting.Source.Task;
            CancellationTokenRegistration registration = token.Register(() => Cancel(waiting, others));
            bool late;
            lock (turn)
            {
                late = waiting.Done;
                if (!late) waiting.Registration = registration;
            }
            if (late) registration.Dispose();
            return waiting.Source.Task;
        }

        private void Cancel(Waiting waiting, List<Waiting> others)
        {
            lock (turn)
            {
                if (!others.Remove(waiting)) return; // it was done just now
                waiting.Done = true;
            }
            ThreadPool.QueueUserWorkItem(state => waiting.Cancel());
        }

        // Told attempts the tasks that wait again, after an event.
        internal void Told(WDSocket.Event e)
        {
            bool ends = e.kind == WDSocket.WDS_EVENT_PEER_CLOSED || e.kind == WDSocket.WDS_EVENT_RESET || e.kind == WDSocket.WDS_EVENT_TIMEOUT;
            lock (turn)
            {
                Attempted(readers);
                Attempted(writers);
                if (e.kind == WDSocket.WDS_EVENT_ERROR)
                {
                    // A client that could not connect may try again; a server and UDP go on.
                    ends = socket is WDSocketConnection && socket.State != WDSocket.WDS_STATE_FAILED;
                    if (!ends && readers.Count > 0) Done(readers, WDSocketException.OfEvent(e.socket, e.code));
                }
                if (!ends) return;
                over = WDSocketException.OfEvent(e.socket, e.code);
                All(over);
            }
            Pump.Remove(number);
        }

        private void Attempted(List<Waiting> those)
        {
            while (those.Count > 0)
            {
                Exception error = null;
                try
                {
                    if (!those[0].IsDone()) return;
                }
                catch (Exception thrown)
                {
                    error = thrown;
                }
                Done(those, error);
            }
        }

        // Done: the first ends, in another thread, since what awaits it goes on there.
        private static void Done(List<Waiting> those, Exception error)
        {
            Waiting first = those[0];
            those.RemoveAt(0);
            first.Done = true;
            ThreadPool.QueueUserWorkItem(state =>
            {
                first.Registration.Dispose();
                first.Finish(error);
            });
        }

        private void All(Exception error)
        {
            while (readers.Count > 0) Done(readers, error);
            while (writers.Count > 0) Done(writers, error);
        }

        // Exchange: the library exchanges for the thread that waits, and not while the socket is in a queue.
        internal async Task<byte[]> Exchange(WDSocketConnection connection, byte[] request, int most, CancellationToken token)
        {
            await exchanges.WaitAsync(token).ConfigureAwait(false);
            try
            {
                return await Task.Factory.StartNew(() => ExchangeOnce(connection, request, most, token),
                    CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
            }
            finally
            {
                exchanges.Release();
            }
        }

        private byte[] ExchangeOnce(WDSocketConnection connection, byte[] request, int most, CancellationToken token)
        {
            byte[] answer = new byte[most];
            token.ThrowIfCancellationRequested();
            lock (turn)
            {
                if (over != null) throw over;
                if (readers.Count > 0) throw WDSocketException.OfEvent(number, WDSocket.WDS_E_BUSY);
                connection.Check(WDSocket.WDSocketDetach(connection.Handle));
                exchanging = true;
            }
            try
            {
                int length = Answered(request, answer, token);
                if (length == WDSocket.WDS_E_CANCELLED) token.ThrowIfCancellationRequested();
                Array.Resize(ref answer, connection.Check(length));
                return answer;
            }
            finally
            {
                Exchanged();
            }
        }

        // Answered gives the result of an exchange that a token ends.
        private int Answered(byte[] request, byte[] answer, CancellationToken token)
        {
            object ending = new object();
            bool ended = false; // under its lock
            // In another thread than that which cancels, until it has ended: it may not wait yet.
            WaitCallback cancel = state =>
            {
                for (;; Thread.Sleep(5))
                {
                    lock (ending)
                    {
                        if (ended) return;
                        WDSocket.WDSocketCancel(number);
                    }
                }
            };
            using (token.Register(() => ThreadPool.QueueUserWorkItem(cancel)))
            {
                int result = WDSocket.WDSocketExchange(number, request, request.Length, answer, answer.Length, -1);
                lock (ending) ended = true;
                return result;
            }
        }

        // Exchanged puts the socket back into the queue, and attempts what waits.
        private void Exchanged()
        {
            WDSocketException failed = null;
            try
            {
                Pump.Add(this);
            }
            catch (WDSocketException error)
            {
                failed = error;
            }
            catch (ObjectDisposedException)
            {
                // It was closed meanwhile, which ends the tasks.
            }
            bool ended;
            lock (turn)
            {
                exchanging = false;
                if (failed != null && over == null) over = failed;
                ended = over != null;
                if (ended) All(over);
                else Attempted(writers);
            }
            if (ended) Pump.Remove(number);
        }

        // Dispose is called as the socket is closed.
        public void Dispose()
        {
            WDSocketException closed = WDSocketException.OfEvent(number, WDSocket.WDS_E_CLOSED);
            lock (turn)
            {
                if (over == null) over = closed;
                All(closed);
            }
            Pump.Remove(number); // now: an exchange that ends puts it back before
        }

        // Pump is the thread that fetches the events of all these sockets.
        private static class Pump
        {
            private static readonly object starting = new object();
            private static readonly ConcurrentDictionary<int, WDSocketTasks> all = new ConcurrentDictionary<int, WDSocketTasks>();
            private static int queue; // 0 = none, under the lock

            internal static void Add(WDSocketTasks tasks)
            {
                lock (starting)
                {
                    if (queue == 0) Start();
                    all[tasks.number] = tasks; // first: an event may come at once
                    int result = WDSocket.WDSocketAttach(queue, tasks.number, WDSocket.WDS_ATTACH_PLAIN);
                    if (result >= 0) return;
                    Remove(tasks.number);
                    tasks.socket.Check(result);
                }
            }

            internal static void Remove(int number)
            {
                WDSocketTasks removed;
                all.TryRemove(number, out removed);
            }

            private static void Start()
            {
                int made = WDSocketException.Check(0, WDSocket.WDSocketNewQueue());
                Thread thread = new Thread(() => Serve(made));
                thread.Name = "tasks of sockets";
                thread.IsBackground = true;
                thread.Start();
                queue = made;
            }

            private static void Serve(int made)
            {
                WDSocket.Event[] events = new WDSocket.Event[64];
                for (;;)
                {
                    int count = WDSocket.WDSocketNextEvents(made, -1, events);
                    for (int i = 0; i < count; i++)
                    {
                        WDSocketTasks tasks;
                        if (all.TryGetValue(events[i].socket, out tasks)) tasks.Told(events[i]);
                    }
                    if (count > 0) continue;
                    if (count != WDSocket.WDS_E_CANCELLED) break;
                    Thread.Sleep(20); // as long as WDSocketWakeup is set, no call waits
                }
                // WDSocketCloseAll has closed the queue, and the sockets.
                lock (starting)
                {
                    queue = 0;
                    foreach (WDSocketTasks tasks in all.Values) tasks.Dispose();
                }
            }
        }
    }
}
