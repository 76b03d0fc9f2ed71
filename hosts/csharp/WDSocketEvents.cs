// WDSocketEvents.cs - the events of WDSocketClient and WDSocketServer: their arguments, and
// the thread that fetches them.
using System;
using System.Runtime.ExceptionServices;
using System.Threading;

namespace WDSocketLibrary
{
    /// <summary>Which connection an event is about.</summary>
    public class WDSocketEventArgs : EventArgs
    {
        /// <summary>The connection; of a client, the client itself.</summary>
        public WDSocketConnection Connection { get; private set; }

        internal WDSocketEventArgs(WDSocketConnection connection) { Connection = connection; }
    }

    /// <summary>A message that has arrived.</summary>
    public class WDSocketMessageEventArgs : WDSocketEventArgs
    {
        /// <summary>The message; in raw mode the bytes that have arrived.</summary>
        public byte[] Data { get; private set; }

        /// <summary>The message as a text, by the connection's TextEncoding.</summary>
        public string Text { get { return Connection.TextEncoding.GetString(Data); } }

        internal WDSocketMessageEventArgs(WDSocketConnection connection, byte[] data) : base(connection) { Data = data; }
    }

    /// <summary>The end of a connection.</summary>
    public class WDSocketClosedEventArgs : WDSocketEventArgs
    {
        /// <summary>Why it has ended; null if the peer has closed it in order.</summary>
        public WDSocketException Reason { get; private set; }

        internal WDSocketClosedEventArgs(WDSocketConnection connection, WDSocketException reason) : base(connection) { Reason = reason; }
    }

    /// <summary>An error that has not ended a connection, or an exception of a handler.</summary>
    public class WDSocketErrorEventArgs : WDSocketEventArgs
    {
        /// <summary>A <see cref="WDSocketException"/>, or what a handler of the program has thrown.</summary>
        public Exception Error { get; private set; }

        internal WDSocketErrorEventArgs(WDSocketConnection connection, Exception error) : base(connection) { Error = error; }
    }

    /// <summary>An event of the library that has no event of its own in these classes.</summary>
    public class WDSocketOtherEventArgs : WDSocketEventArgs
    {
        /// <summary>The record of the library; its kind is one of <c>WDSocket.WDS_EVENT_...</c>.</summary>
        public WDSocket.Event Record { get; private set; }

        internal WDSocketOtherEventArgs(WDSocketConnection connection, WDSocket.Event record) : base(connection) { Record = record; }
    }

    /// <summary>A timer beside the events of a socket, by its StartTimer.</summary>
    public sealed class WDSocketTimer : IDisposable
    {
        private readonly WDSocketBase socket;
        private readonly int number;
        private readonly Action tick;

        internal readonly bool IsOnce;

        internal WDSocketTimer(WDSocketBase socket, int number, Action tick, bool once)
        {
            this.socket = socket;
            this.number = number;
            this.tick = tick;
            IsOnce = once;
        }

        internal void Call() { tick(); }

        /// <summary>Ends the timer: no call begins any more. More calls do nothing.</summary>
        public void Dispose()
        {
            socket.Forget(number);
            WDSocket.WDSocketClose(number);
        }
    }

    // WDSocketEvents fetches the events of a queue in a thread, and hands them to a handler:
    // there, or where the program's synchronization context says (the thread of the window).
    // The thread waits for the handler, so that events which are not handled stay in the
    // library, and there make the peers wait.
    internal sealed class WDSocketEvents
    {
        private readonly WDSocketHandle queue = new WDSocketHandle(true);
        private readonly SynchronizationContext context = SynchronizationContext.Current;
        private readonly Action<WDSocket.Event> handle;
        private Thread thread;
        private volatile bool closed;

        // attach puts the sockets into the queue. If it fails, nothing is left of the queue.
        internal WDSocketEvents(Action<int> attach, Action<WDSocket.Event> handle)
        {
            this.handle = handle;
            queue.Set(WDSocket.WDSocketNewQueue());
            try
            {
                attach(queue.Number);
            }
            catch
            {
                queue.Dispose();
                throw;
            }
        }

        internal int Queue { get { return queue.Number; } }

        internal void Start(string name)
        {
            thread = new Thread(Serve);
            thread.Name = name;
            thread.IsBackground = true;
            thread.Start();
        }

        // Close ends the thread. No handler begins afterwards; one that runs has ended,
        // unless it runs in this thread or in that of a window, which may be waiting for
        // this call.
        internal void Close()
        {
            closed = true;
            queue.Dispose();
            if (thread != null && context == null && thread != Thread.CurrentThread) thread.Join();
        }

        private void Serve()
        {
            WDSocket.Event[] events = new WDSocket.Event[64];
            while (!closed)
            {
                int count = WDSocket.WDSocketNextEvents(queue.Number, -1, events);
                for (int i = 0; i < count && !closed; i++) Hand(events[i]);
                if (count > 0) continue;
                if (count != WDSocket.WDS_E_CANCELLED) return;
                Thread.Sleep(20); // as long as WDSocketWakeup is set, no call waits
            }
        }

        private void Hand(WDSocket.Event e)
        {
            if (context == null)
            {
                handle(e);
                return;
            }
            ExceptionDispatchInfo thrown = null;
            try
            {
                context.Send(state =>
                {
                    try { if (!closed) handle(e); }
                    catch (Exception error) { thrown = ExceptionDispatchInfo.Capture(error); }
                }, null);
            }
            catch (Exception)
            {
                // The window's thread has ended: nothing is left to hand events to.
                closed = true;
                queue.Dispose();
            }
            if (thrown != null) thrown.Throw();
        }
    }
}
