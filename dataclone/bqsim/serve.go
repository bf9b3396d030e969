// SPDX-License-Identifier: Apache-2.0

package bqsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
)

// maxBody is the largest request: the service's own limit of tabledata.insertAll
// (page "Quotas and limits").
const maxBody = 10 << 20

// ServeHTTP answers one call of the API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Date", s.Now().Format(http.TimeFormat))
	rt, names, ok := s.find(r.Method, r.URL.EscapedPath())
	if !ok {
		s.log.call(Call{Method: "unknown", Verb: r.Method, Path: r.URL.Path, Status: http.StatusNotImplemented})
		answer(w, http.StatusNotImplemented, asAPIError(unsimulated("%s %s", r.Method, r.URL.Path)).body())
		return
	}
	defer s.log.enter()()
	fault := s.log.fault(rt.method)
	call := Call{Method: rt.method, Verb: r.Method, Path: r.URL.Path}
	if fault.Kind == Broken {
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxBody)) // or the client fails in the middle of its sending
		s.log.call(call)
		drop(w)
		return
	}
	body, err := fault.refusal()
	if err == nil {
		err = s.log.admit(rt.method, s.options.RequestsPerSecond)
	}
	if err == nil {
		body, err = s.handle(rt, names, r, fault)
	}
	call.Status = rt.status
	if rt.status == 0 {
		call.Status = http.StatusOK
	}
	if err != nil {
		e := asAPIError(err)
		call.Status, body = e.code, e.body()
	}
	s.log.call(call)
	if fault.Kind == LostResponse {
		drop(w)
		return
	}
	answer(w, call.Status, body)
}

// handle reads the request and runs the method under the lock.
func (s *Server) handle(rt route, names []string, r *http.Request, fault Fault) (object, error) {
	req := &request{
		method: rt.method, names: names, path: strings.Trim(strings.TrimPrefix(r.URL.Path, "/bigquery/v2"), "/"),
		query: r.URL.Query(), header: r.Header, fault: fault,
	}
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		req.principal = token
	}
	if r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch {
		body, err := readObject(r.Body)
		if err != nil {
			return nil, err
		}
		req.body = body
	}
	keep := mask(nil)
	if text := req.query.Get("fields"); text != "" {
		var err error
		if keep, err = readMask(text); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sweep()
	body, err := rt.handle(s, req)
	return keep.of(body), err
}

// readObject reads a request's body: one JSON object, or nothing.
func readObject(r io.Reader) (resource, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if err != nil {
		return nil, invalid("Reading the request: %v", err)
	}
	if len(data) > maxBody {
		return nil, &apiError{code: http.StatusRequestEntityTooLarge, reason: "uploadTooLarge", message: "Request payload size exceeds the limit: 10485760 bytes."}
	}
	if len(bytes.TrimSpace(data)) == 0 {
		return resource{}, nil
	}
	var body object
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	if err := decoder.Decode(&body); err != nil {
		return nil, &apiError{code: http.StatusBadRequest, reason: "parseError", message: "Parse Error: " + err.Error()}
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) || body == nil {
		return nil, &apiError{code: http.StatusBadRequest, reason: "parseError", message: "Parse Error: want one JSON object"}
	}
	return body, nil
}

func answer(w http.ResponseWriter, code int, body object) {
	if code == http.StatusNoContent || code == http.StatusNotModified {
		w.WriteHeader(code)
		return
	}
	data, err := json.Marshal(body)
	if err != nil { // only a bug of the simulator gives a value without JSON
		code, data = http.StatusInternalServerError, []byte(`{"error":{"code":500,"message":"bqsim: answer without JSON"}}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(code)
	_, _ = w.Write(data) // a client that is gone has no use for the error
}

// drop ends the connection without an answer: the client sees a reset.
func drop(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // net/http's own way for a connection that cannot be taken over
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
