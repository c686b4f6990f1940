import { Box, Button, PasswordInput, Stack, TextInput, Title } from '@mantine/core'
import { type FormEvent, useEffect, useState } from 'react'
import { useLogin } from '../api/session'
import { ErrorNote } from '../parts/ErrorNote'
import { useMissing } from '../parts/missing'
import { OfflineLine } from './OfflineLine'

/** Name and password, where the server wants to know who one is. */
export function LoginPage() {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const login = useLogin()
  useEffect(() => {
    document.title = 'Log in · Seedbed'
  }, [])
  const missing = useMissing()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!missing.complete(event.currentTarget as Element, name, password)) return
    login.mutate({ name, password })
  }
  return (
    <main>
      <OfflineLine />
      <Box component="form" onSubmit={submit} maw={340} mx="auto" mt="18vh" p="lg" className="sb-panel">
        <Stack gap="md">
          <Title order={1}>Log in to Seedbed</Title>
          <TextInput
            label="Name"
            autoComplete="username"
            error={missing.said(name, 'Which name?')}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            error={missing.said(password, 'Which password?')}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <ErrorNote error={login.error} />
          <Button type="submit" loading={login.isPending}>
            Log in
          </Button>
        </Stack>
      </Box>
    </main>
  )
}
